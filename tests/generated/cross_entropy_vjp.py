from s2sdiff import runtime as rt


# vjp of cross_entropy (arrays.py:11) with respect to z
# z: float64 array[n, n], y: float64 array[n, n]
def cross_entropy_vjp(z, y):
    shifted = z - np.max(z, axis=1, keepdims=True)
    exp_shifted = np.exp(shifted)
    total = np.sum(exp_shifted, axis=1, keepdims=True)

    def cross_entropy_pullback(result_bar):
        # 14: return -np.sum(y * (shifted - np.log(total)))
        result_1_bar = -result_bar * y
        total_bar = rt.scaled(-result_1_bar.sum(axis=1, keepdims=True), np.reciprocal(total))
        # 13: total = np.sum(np.exp(shifted), axis=1, keepdims=True)
        exp_shifted_bar = total_bar * exp_shifted
        exp_shifted_bar += result_1_bar
        return exp_shifted_bar

    return -np.sum(y * (shifted - np.log(total))), cross_entropy_pullback
