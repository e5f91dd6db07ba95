from s2sdiff import runtime as rt


# vjp of logsumexp (arrays.py:6) with respect to x
# x: float64 array[n]
def logsumexp_vjp(x):
    top = np.max(x)
    result = np.exp(x - top)
    result_1 = np.sum(result)

    def logsumexp_pullback(result_bar):
        return rt.scaled(result_bar, np.reciprocal(result_1)) * result

    return top + np.log(result_1), logsumexp_pullback
