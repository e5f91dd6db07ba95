from s2sdiff import runtime as rt
from s2sdiff.rules.extremes import share as share_rule
from s2sdiff.rules.extremes import winners as winners_rule


# vjp of logsumexp (arrays.py:6) with respect to x
# x: float64 array[n]
def logsumexp_vjp(x):
    top = np.max(x)
    result_1 = np.exp(x - top)
    result_2 = np.sum(result_1)

    def logsumexp_pullback(result_bar):
        # 8: return top + np.log(np.sum(np.exp(x - top)))
        result_3_bar = rt.scaled(result_bar, np.reciprocal(result_2)) * result_1
        top_bar = result_bar + np.sum(-result_3_bar)
        # 7: top = np.max(x)
        x_bar = rt.match(share_rule(top_bar, winners_rule(x, top, None, False), None, False), x)
        return result_3_bar + x_bar

    return top + np.log(result_2), logsumexp_pullback
