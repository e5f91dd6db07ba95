from s2sdiff import runtime as rt
import operator
pow_vjp = rt.rule_caller(rt.rule_of(operator.pow), (0,), False)


# gradient of search (loops.py:56) with respect to x
# x: float, n: int
def search_grad(x, n):
    returned = False
    saved = []
    for i in range(n):
        term_1, pow_pullback = pow_vjp(x, i)
        term_2 = i + 1.0
        term = term_1 / term_2
        if term < 0.001:
            returned = True
            break
        saved.append((pow_pullback, term_2))
    if returned:
        x_bar = 0.0
    else:
        result_1 = 1.0 / x
        # 63: return total + 1.0 / x
        x_bar = -(result_1 * result_1)
    for pow_pullback, term_2 in reversed(saved):
        # 59: term = x ** i / (i + 1.0)
        x_bar += pow_pullback(1.0 / term_2)
    return x_bar
