from s2sdiff import runtime as rt
pow = rt.rule_caller(rt.rule_of(pow), (0,), False)


# gradient of search (loops.py:56) with respect to x
# x: float, n: int
def search_grad(x, n):
    returned, total = False, 0.0
    saved = []
    for i in range(n):
        term_1, pow_pullback = pow(x, i)
        term_2 = i + 1.0
        term = term_1 / term_2
        test = term < 0.001
        saved.append((pow_pullback, term_2, test))
        if test:
            result_1, returned = total, True
            break
        total = total + term
    if returned:
        rt.bound(result_1, 'result')
        result_1_bar, total_bar, x_bar = 1.0, 0.0, 0.0
    else:
        # 63: return total + 1.0 / x
        x_bar = -(1.0 / x * (1.0 / x))
        result_1_bar, total_bar = 0.0, 1.0
    for pow_pullback, term_2, test in reversed(saved):
        if test:
            # 61: return total
            total_bar += result_1_bar
            result_1_bar = 0.0
        else:
            # 59: term = x ** i / (i + 1.0)
            x_bar += pow_pullback(float(total_bar / term_2))
    return x_bar
