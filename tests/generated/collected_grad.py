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
        saved.append((h, row, h_1))
        outputs.append(h_1)
        h = h_1
    outputs_2_count = len(outputs)
    stack_outputs, stack_pullback = rt.call((0,), np.stack, outputs)
    result_1, pow_pullback = rt.call((0,), operator.pow, stack_outputs, 2)
    result_2, sum_pullback = rt.call((0,), np.sum, result_1)
    rt.scalar_result(result_2)
    # 79: return np.sum(np.stack(outputs) ** 2)
    stack_outputs_bar = pow_pullback(rt.match(sum_pullback(1.0), result_1))
    outputs_bar = stack_pullback(rt.match(stack_outputs_bar, stack_outputs))
    # 76: for row in x:
    outputs_bar = rt.shares(outputs_bar, outputs_2_count, None)
    h_bar = rt.zeros(h)
    u_bar = rt.zeros(u)
    w_bar = rt.zeros(w)
    for h, row, h_1 in reversed(saved):
        # 78: outputs.append(h)
        h_2_bar = rt.match(outputs_bar.pop(), h_1)
        h_bar += h_2_bar
        # 77: h = np.tanh(w @ h + u @ row)
        h_3_bar = h_bar * (1 - h_1 * h_1)
        u_bar += np.outer(h_3_bar, row)
        h_bar = w.T @ h_3_bar
        w_bar += np.outer(h_3_bar, h)
    return w_bar, u_bar
