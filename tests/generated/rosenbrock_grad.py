# gradient of rosenbrock (lines.py:37) with respect to x, y
# x: float, y: float
def rosenbrock_grad(x, y):
    result_1 = y - x ** 2
    # 38: return (1.0 - x) ** 2 + 100.0 * (y - x ** 2) ** 2
    x_bar = -400.0 * result_1 * x - 2 * (1.0 - x)
    return x_bar, 200.0 * result_1
