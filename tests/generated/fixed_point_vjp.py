# vjp of fixed_point (objects.py:157) with respect to a, b
# a: float, b: float
def fixed_point_vjp(a, b):
    x = 0.5
    saved = []
    for _ in range(4):
        result_1 = b * x
        result_2 = np.cos(result_1)
        saved.append((x, result_1, result_2))
        x = x - 0.5 * (x - a * result_2)

    def fixed_point_pullback(x_bar):
        a_bar, b_bar = 0.0, 0.0
        for x, result_1, result_2 in reversed(saved):
            # 159: return 0.5 * (x - a * np.cos(b * x))
            result_3_bar = 0.5 * x_bar
            a_bar += result_3_bar * result_2
            result_1_bar = -(result_3_bar * a) * np.sin(result_1)
            b_bar += result_1_bar * x
            x_bar = x_bar - 0.5 * x_bar + result_1_bar * b
        return float(a_bar), float(b_bar)

    return x, fixed_point_pullback
