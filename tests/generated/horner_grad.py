from s2sdiff import runtime as rt


# gradient of horner (loops.py:36) with respect to c, x
# c: list, x: float
def horner_grad(c, x):
    total = 0.0
    length = len(c)
    saved = []
    for i in range(length):
        saved.append((total, i))
        a = c[i]
        total = total * x + a
    # 38: for a in c:
    c_bar = [0.0] * len(c)
    total_bar, x_bar = 1.0, 0.0
    for total, i in reversed(saved):
        # 39: total = total * x + a
        total_1_bar = total_bar * x
        x_bar += total_bar * total
        # 38: for a in c:
        c_bar[i] += total_bar
        total_bar = total_1_bar
    return rt.gradient(c_bar, c), x_bar
