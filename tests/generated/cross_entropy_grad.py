from s2sdiff import runtime as rt
from s2sdiff.rules.extremes import share as share_rule
from s2sdiff.rules.extremes import winners as winners_rule


# gradient of cross_entropy (arrays.py:11) with respect to z
# z: float64 array[n, n], y: float64 array[n, n]
def cross_entropy_grad(z, y):
    max_z = np.max(z, axis=1, keepdims=True)
    shifted = z - max_z
    exp_shifted = np.exp(shifted)
    total = np.sum(exp_shifted, axis=1, keepdims=True)
    # 14: return -np.sum(y * (shifted - np.log(total)))
    result_1_bar = -y
    total_bar = np.sum(-result_1_bar, axis=1, keepdims=True) / total
    # 13: total = np.sum(np.exp(shifted), axis=1, keepdims=True)
    exp_shifted_bar = total_bar * exp_shifted
    exp_shifted_bar += result_1_bar
    # 12: shifted = z - np.max(z, axis=1, keepdims=True)
    max_z_bar = np.sum(-exp_shifted_bar, axis=1, keepdims=True)
    z_bar = rt.match(share_rule(max_z_bar, winners_rule(z, max_z, 1, True), 1, True), z)
    return exp_shifted_bar + z_bar
