from s2sdiff import runtime as rt
import operator
undisturbed = rt.rule_caller(rt.rule_of(rt.undisturbed), (0,), False)


# gradient of horner_list (objects.py:8) with respect to c, x
# c: list, x: float
def horner_list_grad(c, x):
    c_parts = rt.parts(c)
    values = [c[-1]]
    c_1, getitem_pullback = rt.call((0,), operator.getitem, c, slice(-2, None, -1))
    items, undisturbed_pullback = undisturbed(c_1)
    length = len(items)
    saved = []
    for i in range(length):
        a, getitem_1_pullback = rt.call((0,), operator.getitem, items, i)
        value_1, mul_pullback = rt.call((0, 1), operator.mul, x, values[-1])
        value_2, add_pullback = rt.call((0, 1), operator.add, a, value_1)
        saved.append((a, getitem_1_pullback, value_1, mul_pullback, value_2, add_pullback))
        values.append(value_2)
    values_count = len(values)
    values_1, getitem_2_pullback = rt.call((0,), operator.getitem, values, -1)
    rt.scalar_result(values_1)
    # 12: return values[-1]
    values_bar = getitem_2_pullback(1.0)
    # 10: for a in c[-2::-1]:
    values_bar = rt.shares(values_bar, values_count, None)
    x_bar, items_bar = 0.0, None
    for a, getitem_1_pullback, value_1, mul_pullback, value_2, add_pullback in reversed(saved):
        # 11: values.append(a + x * values[-1])
        a_bar, value_1_bar = add_pullback(rt.match(values_bar.pop(), value_2))
        x_1_bar, values_2_bar = mul_pullback(rt.match(value_1_bar, value_1))
        x_bar += x_1_bar
        rt.add_share(values_bar, -1, values_2_bar)
        # 10: for a in c[-2::-1]:
        items_bar = rt.add(items_bar, getitem_1_pullback(rt.match(a_bar, a)))
    c_2_bar = rt.match(undisturbed_pullback(rt.match(items_bar, items)), c_1)
    c_bar = getitem_pullback(c_2_bar)
    # 9: values = [c[-1]]
    c_bar = rt.add(c_bar, {3: rt.match(rt.item(values_bar, 0), 0.0)})
    return rt.gradient(c_bar, c_parts), x_bar
