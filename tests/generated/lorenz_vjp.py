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
        f_bar = result_bar * h
        e_bar = result_bar * h
        d_bar = result_bar * h
        # 63: return 10.0 * (y - x), x * (28.0 - z) - y, x * y - 2.5 * z
        z_bar = -2.5 * f_bar - e_bar * x_1
        y_bar = f_bar * x_1 - e_bar + d_bar * 10.0
        x_bar = f_bar * y_1 + e_bar * result_2 - 10.0 * d_bar
        # 68: d, e, f = slope((x + 0.5 * h * a, y + 0.5 * h * b, z + 0.5 * h * c))
        z_2_bar = result_bar + z_bar
        c_bar = z_bar * d_1
        y_2_bar = result_bar + y_bar
        b_bar = y_bar * d_1
        x_2_bar = result_bar + x_bar
        a_bar = x_bar * d_1
        # 63: return 10.0 * (y - x), x * (28.0 - z) - y, x * y - 2.5 * z
        z_bar = -2.5 * c_bar - b_bar * x
        y_bar = c_bar * x - b_bar + a_bar * 10.0
        x_bar = c_bar * y + b_bar * result_1 - 10.0 * a_bar
        # 67: a, b, c = slope((x, y, z))
        return x_2_bar + x_bar, y_2_bar + y_bar, z_2_bar + z_bar

    return x + h * d + (y + h * e) + (z + h * f), lorenz_pullback
