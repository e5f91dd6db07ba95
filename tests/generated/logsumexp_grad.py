from s2sdiff import runtime as rt
from s2sdiff.rules.extremes import share as share_rule
from s2sdiff.rules.extremes import winners as winners_rule


# gradient of logsumexp (arrays.py:6) with respect to x
# x: float64 array[n]
def logsumexp_grad(x):
    top = np.max(x)
    result_1 = np.exp(x - top)
    # 8: return top + np.log(np.sum(np.exp(x - top)))
    result_bar = 1.0 / np.sum(result_1) * result_1
    top_bar = 1.0 + np.sum(-result_bar)
    # 7: top = np.max(x)
    x_bar = rt.match(share_rule(top_bar, winners_rule(x, top, None, False), None, False), x)
    return result_bar + x_bar
