from s2sdiff.rules.powers import number_slope as number_slope_rule


# gradient of search (loops.py:56) with respect to x
# x: float, n: int
def search_grad(x, n):
    returned = False
    saved = []
    for i in range(n):
        term_1 = i + 1.0
        term = x ** i / term_1
        if term < 0.001:
            returned = True
            break
        saved.append((i, term_1))
    if returned:
        x_bar = 0.0
    else:
        result_1 = 1.0 / x
        # 63: return total + 1.0 / x
        x_bar = -(result_1 * result_1)
    for i, term_1 in reversed(saved):
        # 59: term = x ** i / (i + 1.0)
        x_bar += 1.0 / term_1 * number_slope_rule(x, i)
    return x_bar
