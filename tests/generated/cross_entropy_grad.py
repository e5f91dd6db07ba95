# gradient of cross_entropy (arrays.py:11) with respect to z
# z: float64 array[n, n], y: float64 array[n, n]
def cross_entropy_grad(z, y):
    shifted = z - np.max(z, axis=1, keepdims=True)
    exp_shifted = np.exp(shifted)
    total = np.sum(exp_shifted, axis=1, keepdims=True)
    result_1 = y * (shifted - np.log(total))
    # 14: return -np.sum(y * (shifted - np.log(total)))
    result_2_bar = -y
    total_bar = -result_2_bar.sum(axis=1, keepdims=True) / total
    # 13: total = np.sum(np.exp(shifted), axis=1, keepdims=True)
    exp_shifted_bar = total_bar * exp_shifted
    exp_shifted_bar += result_2_bar
    return exp_shifted_bar
