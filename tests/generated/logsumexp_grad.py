# gradient of logsumexp (arrays.py:6) with respect to x
# x: float64 array[n]
def logsumexp_grad(x):
    top = np.max(x)
    result = np.exp(x - top)
    # 8: return top + np.log(np.sum(np.exp(x - top)))
    return 1.0 / np.sum(result) * result
