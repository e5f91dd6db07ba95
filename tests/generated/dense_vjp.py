# vjp of dense (lines.py:13) with respect to w, b
# x: float64 array[n, n], w: float64 array[n, n], b: float64 array[n]
def dense_vjp(x, w, b):
    h = np.tanh(x @ w + b)

    def dense_pullback(result_bar):
        # 15: return np.sum(h * h)
        h_bar = 2 * result_bar * h
        # 14: h = np.tanh(x @ w + b)
        h_1_bar = h_bar * (1 - h ** 2)
        return x.T @ h_1_bar, h_1_bar.sum(axis=0)

    return np.sum(h * h), dense_pullback
