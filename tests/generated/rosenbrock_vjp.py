# vjp of rosenbrock (lines.py:37) with respect to x, y
# x: float, y: float
def rosenbrock_vjp(x, y):
    result_1 = 1.0 - x
    result_2 = y - x ** 2

    def rosenbrock_pullback(result_bar):
        # 38: return (1.0 - x) ** 2 + 100.0 * (y - x ** 2) ** 2
        result_2_bar = 200.0 * result_bar * result_2
        x_bar = -2 * result_2_bar * x - result_bar * (2 * result_1)
        return x_bar, result_2_bar

    return result_1 ** 2 + 100.0 * result_2 ** 2, rosenbrock_pullback
