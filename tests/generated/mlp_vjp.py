# vjp of mlp (arrays.py:21) with respect to w1, b1, w2, b2
# w1: float64 array[n, n], b1: float64 array[n], w2: float64 array[n, n], b2: float64 array[n],
#     x: float64 array[n, n], y: float64 array[n, n]
def mlp_vjp(w1, b1, w2, b2, x, y):
    result_1 = np.tanh(x @ w1 + b1)
    error = result_1 @ w2 + b2 - y
    result_2 = max(error.size, 1)

    def mlp_pullback(result_bar):
        # 24: return np.mean(error ** 2)
        error_bar = 2 * (result_bar / result_2) * error
        # 23: error = h @ w2 + b2 - y
        b2_bar = error_bar.sum(axis=0)
        w2_bar = result_1.T @ error_bar
        # 18: return np.tanh(x @ w + b)
        result_3_bar = error_bar @ w2.T * (1 - result_1 ** 2)
        return x.T @ result_3_bar, result_3_bar.sum(axis=0), w2_bar, b2_bar

    return np.mean(error ** 2), mlp_pullback
