from s2sdiff import runtime as rt
import operator


# gradient of horner (loops.py:36) with respect to c, x
# c: list, x: float
def horner_grad(c, x):
    total = 0.0
    length = len(c)
    saved = []
    for i in range(length):
        a, getitem_pullback = rt.call((0,), operator.getitem, c, i)
        total_1, mul_pullback = rt.call((0, 1), operator.mul, total, x)
        total, add_pullback = rt.call((0, 1), operator.add, total_1, a)
        saved.append((a, getitem_pullback, total_1, mul_pullback, total, add_pullback))
    rt.scalar_result(total)
    total_bar, x_bar, c_bar = 1.0, 0.0, None
    for a, getitem_pullback, total_1, mul_pullback, total, add_pullback in reversed(saved):
        # 39: total = total * x + a
        total_1_bar, a_bar = add_pullback(rt.match(total_bar, total))
        total_bar, x_1_bar = mul_pullback(rt.match(total_1_bar, total_1))
        x_bar += x_1_bar
        # 38: for a in c:
        c_bar = rt.add(c_bar, getitem_pullback(rt.match(a_bar, a)))
    return rt.match(c_bar, c), x_bar
