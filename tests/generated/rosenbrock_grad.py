# gradient of rosenbrock (lines.py:37) with respect to x, y
# x: float, y: float
def rosenbrock_grad(x, y):
    # 38: return (1.0 - x) ** 2 + 100.0 * (y - x ** 2) ** 2
    result_bar = 100.0 * (2 * (y - x ** 2))
    return -result_bar * (2 * x) - 2 * (1.0 - x), result_bar
