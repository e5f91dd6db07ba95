from s2sdiff import runtime as rt
import operator
sequence = rt.rule_caller(rt.rule_of(rt.sequence), (0,), True)


# gradient of horner_list (objects.py:8) with respect to c, x
# c: list, x: float
def horner_list_grad(c, x):
    c_parts = rt.parts(c)
    c_1, getitem_pullback = rt.call_kept((0,), operator.getitem, c, -1)
    values = [c_1]
    c_2, getitem_1_pullback = rt.call_kept((0,), operator.getitem, c, slice(-2, None, -1))
    items, sequence_pullback = sequence(c_2)
    length = len(items)
    saved = []
    for i in range(length):
        a, getitem_2_pullback = rt.call_kept((0,), operator.getitem, items, i)
        values_1, getitem_3_pullback = rt.call_by_place((0,), operator.getitem, values, -1)
        value_1, mul_pullback = rt.call_kept((0, 1), operator.mul, x, values_1)
        value_2, add_pullback = rt.call_kept((0, 1), operator.add, a, value_1)
        value_3, value_pullback = rt.method_by_place((0, 1), 'append', values, value_2)
        saved.append(
            (
                a, getitem_2_pullback, values_1, getitem_3_pullback, value_1, mul_pullback, value_2,
                add_pullback, value_pullback
            )
        )
    values_2, getitem_4_pullback = rt.call_by_place((0,), operator.getitem, values, -1)
    rt.scalar_result(values_2)
    # 12: return values[-1]
    bars = {}
    values_bar = getitem_4_pullback(rt.deposit(bars, values_2, 1.0), bars)
    x_bar, items_bar = 0.0, None
    for (
        a, getitem_2_pullback, values_1, getitem_3_pullback, value_1, mul_pullback, value_2,
        add_pullback, value_pullback
    ) in reversed(saved):
        # 11: values.append(a + x * values[-1])
        values_bar, value_2_bar = value_pullback(None, bars)
        value_4_bar = rt.match(rt.withdraw(bars, value_2, value_2_bar), value_2)
        a_bar, value_1_bar = add_pullback(value_4_bar)
        x_1_bar, values_1_bar = mul_pullback(rt.match(value_1_bar, value_1))
        x_bar += x_1_bar
        values_bar = getitem_3_pullback(rt.deposit(bars, values_1, values_1_bar), bars)
        # 10: for a in c[-2::-1]:
        items_bar = rt.add(items_bar, getitem_2_pullback(rt.match(a_bar, a)))
    c_3_bar = rt.match(sequence_pullback(rt.match(items_bar, items)), c_2)
    c_bar = getitem_1_pullback(c_3_bar)
    # 9: values = [c[-1]]
    c_4_bar = rt.match(rt.withdraw(bars, c_1, rt.slot(bars, values, 0)), c_1)
    c_bar = rt.add(c_bar, getitem_pullback(c_4_bar))
    return rt.gradient(c_bar, c_parts), x_bar
