from s2sdiff import runtime as rt


# gradient of horner_list (objects.py:8) with respect to c, x
# c: list, x: float
def horner_list_grad(c, x):
    values = [c[-1]]
    c_count = len(c)
    c_1 = c[-2::-1]
    length = len(c_1)
    saved = []
    for i in range(length):
        a = c_1[i]
        values_1 = values[-1]
        saved.append((i, values_1))
        values.append(a + x * values_1)
    values_2 = values[-1]
    # 12: return values[-1]
    values_bar = [0.0] * len(values)
    values_bar[-1] = 1.0
    # 10: for a in c[-2::-1]:
    c_2_bar = [0.0] * 3
    x_bar = 0.0
    for i, values_1 in reversed(saved):
        # 11: values.append(a + x * values[-1])
        value_bar = values_bar.pop()
        x_bar += value_bar * values_1
        values_bar[-1] += value_bar * x
        # 10: for a in c[-2::-1]:
        c_2_bar[i] += value_bar
    c_bar = rt.of_part(c_2_bar, slice(-2, None, -1), c_count)
    # 9: values = [c[-1]]
    c_bar = rt.add(c_bar, {3: rt.match(rt.item(values_bar, 0), 0.0)})
    return rt.gradient(c_bar, c), float(x_bar)
