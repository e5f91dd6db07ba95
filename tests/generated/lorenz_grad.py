# gradient of lorenz (lines.py:66) with respect to x, y, z
# x: float, y: float, z: float, h: float
def lorenz_grad(x, y, z, h):
    a = 10.0 * (y - x)
    result_1 = 28.0 - z
    b = x * result_1 - y
    c = x * y - 2.5 * z
    d_1 = 0.5 * h
    x_1 = x + d_1 * a
    z = z + d_1 * c
    # 63: return 10.0 * (y - x), x * (28.0 - z) - y, x * y - 2.5 * z
    z_bar = -2.5 * h - h * x_1
    y_bar = h * x_1 - h + h * 10.0
    x_bar = h * (y + d_1 * b) + h * (28.0 - z) - 10.0 * h
    # 68: d, e, f = slope((x + 0.5 * h * a, y + 0.5 * h * b, z + 0.5 * h * c))
    z_1_bar = 1.0 + z_bar
    c_bar = z_bar * d_1
    y_1_bar = 1.0 + y_bar
    b_bar = y_bar * d_1
    x_2_bar = 1.0 + x_bar
    a_bar = x_bar * d_1
    # 63: return 10.0 * (y - x), x * (28.0 - z) - y, x * y - 2.5 * z
    z_bar = -2.5 * c_bar - b_bar * x
    y_bar = c_bar * x - b_bar + a_bar * 10.0
    x_bar = c_bar * y + b_bar * result_1 - 10.0 * a_bar
    # 67: a, b, c = slope((x, y, z))
    return x_2_bar + x_bar, y_1_bar + y_bar, z_1_bar + z_bar
