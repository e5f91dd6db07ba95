# gradient of cross_entropy (arrays.py:11) with respect to z
# z: float64 array[n, n], y: float64 array[n, n]
def cross_entropy_grad(z, y):
    shifted = z - np.max(z, axis=1, keepdims=True)
    exp_shifted = np.exp(shifted)
    total = np.sum(exp_shifted, axis=1, keepdims=True)
    # 14: return -np.sum(y * (shifted - np.log(total)))
    result_1_bar = -y
    total_bar = -result_1_bar.sum(axis=1, keepdims=True) / total
    # 13: total = np.sum(np.exp(shifted), axis=1, keepdims=True)
    exp_shifted_bar = total_bar * exp_shifted
    exp_shifted_bar += result_1_bar
    return exp_shifted_bar
