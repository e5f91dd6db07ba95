# vjp of lorenz (lines.py:66) with respect to x, y, z
# x: float, y: float, z: float, h: float
def lorenz_vjp(x, y, z, h):
    a = 10.0 * (y - x)
    result_1 = 28.0 - z
    b = x * result_1 - y
    c = x * y - 2.5 * z
    d_1 = 0.5 * h
    x_1 = x + d_1 * a
    y_1 = y + d_1 * b
    z_1 = z + d_1 * c
    d = 10.0 * (y_1 - x_1)
    result_2 = 28.0 - z_1
    e = x_1 * result_2 - y_1
    f = x_1 * y_1 - 2.5 * z_1

    def lorenz_pullback(result_bar):
        # 69: return (x + h * d) + (y + h * e) + (z + h * f)
        result_3_bar = result_bar * h
        result_2_bar = result_bar * h
        result_4_bar = result_bar * h
        # 63: return 10.0 * (y - x), x * (28.0 - z) - y, x * y - 2.5 * z
        x_bar = result_3_bar * y_1 + result_2_bar * result_2
        z_bar = -2.5 * result_3_bar - result_2_bar * x_1
        y_bar = result_3_bar * x_1 - result_2_bar + result_4_bar * 10.0
        x_bar -= 10.0 * result_4_bar
        # 68: d, e, f = slope((x + 0.5 * h * a, y + 0.5 * h * b, z + 0.5 * h * c))
        z_2_bar = result_bar + z_bar
        result_5_bar = z_bar * d_1
        y_2_bar = result_bar + y_bar
        result_6_bar = y_bar * d_1
        x_2_bar = result_bar + x_bar
        result_7_bar = x_bar * d_1
        # 63: return 10.0 * (y - x), x * (28.0 - z) - y, x * y - 2.5 * z
        x_bar = result_5_bar * y + result_6_bar * result_1
        z_bar = -2.5 * result_5_bar - result_6_bar * x
        y_bar = result_5_bar * x - result_6_bar + result_7_bar * 10.0
        x_bar -= 10.0 * result_7_bar
        # 67: a, b, c = slope((x, y, z))
        return x_2_bar + x_bar, y_2_bar + y_bar, z_2_bar + z_bar

    return x + h * d + (y + h * e) + (z + h * f), lorenz_pullback
