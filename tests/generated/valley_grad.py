# gradient of valley (arrays.py:33) with respect to x
# x: float64 array[n]
def valley_grad(x):
    x_1 = x[:-1]
    rise = x[1:] - x_1 ** 2
    # 35: return np.sum(100.0 * rise ** 2 + (1.0 - x[:-1]) ** 2)
    x_bar = np.zeros(x.shape)
    x_bar[:-1] = -2 * (1.0 - x[:-1])
    rise_bar = 200.0 * rise
    # 34: rise = x[1:] - x[:-1] ** 2
    x_bar[:-1] -= 400.0 * rise * x_1
    x_bar[1:] += rise_bar
    return x_bar
