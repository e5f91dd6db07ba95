from s2sdiff import runtime as rt
import operator


# gradient of horner_list (objects.py:8) with respect to c, x
# c: list, x: float
def horner_list_grad(c, x):
    c_parts = rt.parts(c)
    values = [c[-1]]
    c_1, getitem_pullback = rt.call((0,), operator.getitem, c, slice(-2, None, -1))
    length = len(c_1)
    saved = []
    for i in range(length):
        a = c_1[i]
        values_1 = values[-1]
        saved.append((i, values_1))
        values.append(a + x * values_1)
    values_count = len(values)
    values_2 = values[-1]
    # 12: return values[-1]
    values_bar = rt.only(1.0, -1, len(values))
    # 10: for a in c[-2::-1]:
    values_bar = rt.shares(values_bar, values_count, 0.0)
    c_1_bar = {}
    x_bar = 0.0
    for i, values_1 in reversed(saved):
        # 11: values.append(a + x * values[-1])
        value_bar = values_bar.pop()
        x_bar += value_bar * values_1
        values_bar[-1] += value_bar * x
        # 10: for a in c[-2::-1]:
        c_1_bar[i] = c_1_bar.get(i, 0.0) + value_bar
    c_bar = getitem_pullback(rt.match(c_1_bar, c_1))
    # 9: values = [c[-1]]
    c_bar = rt.add(c_bar, {3: rt.match(rt.item(values_bar, 0), 0.0)})
    return rt.gradient(c_bar, c_parts), rt.match(x_bar, x)
