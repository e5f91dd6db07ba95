# vjp of newton (loops.py:14) with respect to a
# a: float
def newton_vjp(a):
    x = a
    saved = []
    while True:
        step_1 = 2 * x
        step = (x * x - a) / step_1
        if abs(step) < 1e-10:
            break
        saved.append((x, step_1, step))
        x = x - step

    def newton_pullback(x_bar):
        a_bar = 0.0
        for x, step_1, step in reversed(saved):
            # 20: x = x - step
            step_bar = -x_bar
            # 17: step = (x * x - a) / (2 * x)
            step_2_bar = step_bar / step_1
            a_bar -= step_2_bar
            x_bar = x_bar - 2 * (step_2_bar * step) + 2 * (step_2_bar * x)
        return a_bar + x_bar

    return x, newton_pullback
