from s2sdiff import runtime as rt
g_vjp = rt.derived(g, (0,))


# gradient of outer (lines.py:32) with respect to x, s
# x: float, s: float
def outer_grad(x, s):
    y, g_pullback = g_vjp(x)
    return g_pullback(rt.match(s, y)), float(y)
