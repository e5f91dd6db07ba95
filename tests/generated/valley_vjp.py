# vjp of valley (arrays.py:33) with respect to x
# x: float64 array[n]
def valley_vjp(x):
    x_1 = x[:-1]
    rise = x[1:] - x_1 ** 2
    x_shape = x.shape
    result_1 = 1.0 - x[:-1]

    def valley_pullback(result_bar):
        # 35: return np.sum(100.0 * rise ** 2 + (1.0 - x[:-1]) ** 2)
        x_bar = np.zeros(x_shape)
        x_bar[:-1] = -(2 * result_bar * result_1)
        rise_bar = 200.0 * result_bar * rise
        # 34: rise = x[1:] - x[:-1] ** 2
        x_bar[:-1] -= 2 * rise_bar * x_1
        x_bar[1:] += rise_bar
        return x_bar

    return np.sum(100.0 * rise ** 2 + result_1 ** 2), valley_pullback
