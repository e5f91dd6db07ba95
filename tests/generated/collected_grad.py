from s2sdiff import runtime as rt
import operator


# gradient of collected (objects.py:73) with respect to w, u
# w: float64 array[n, n], u: float64 array[n, n], x: float64 array[n, n]
def collected_grad(w, u, x):
    h = np.zeros(w.shape[0])
    outputs = []
    saved = []
    for row in x:
        h_1 = np.tanh(w @ h + u @ row)
        value, value_pullback = rt.method_by_place((0, 1), 'append', outputs, h_1)
        saved.append((h, row, h_1, value_pullback))
        h = h_1
    stack_outputs, stack_pullback = rt.call_by_place((0,), np.stack, outputs)
    result_1, pow_pullback = rt.call_kept((0,), operator.pow, stack_outputs, 2)
    result_2, sum_pullback = rt.call_kept((0,), np.sum, result_1)
    rt.scalar_result(result_2)
    # 79: return np.sum(np.stack(outputs) ** 2)
    bars = {}
    stack_outputs_bar = pow_pullback(rt.match(sum_pullback(1.0), result_1))
    outputs_bar = stack_pullback(rt.deposit(bars, stack_outputs, stack_outputs_bar), bars)
    h_bar = rt.zeros(h)
    u_bar = rt.zeros(u)
    w_bar = rt.zeros(w)
    for h, row, h_1, value_pullback in reversed(saved):
        # 78: outputs.append(h)
        outputs_bar, h_2_bar = value_pullback(None, bars)
        h_2_bar = rt.match(rt.withdraw(bars, h_1, h_2_bar), h_1)
        h_bar += h_2_bar
        # 77: h = np.tanh(w @ h + u @ row)
        h_3_bar = h_bar * (1 - h_1 * h_1)
        u_bar += np.outer(h_3_bar, row)
        h_bar = w.T @ h_3_bar
        w_bar += np.outer(h_3_bar, h)
    return w_bar, u_bar
