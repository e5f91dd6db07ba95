from s2sdiff import runtime as rt


# gradient of orthonormal (places.py:158) with respect to a
# a: float64 array[n, n]
def orthonormal_grad(a):
    q = a.copy()
    j_items = q.shape[1]
    saved = []
    for j in range(j_items):
        saved_1 = []
        for i in range(j):
            q_1 = q[:, i]
            q_2 = q[:, j]
            q_3 = q_1 @ q_2
            saved_1.append((i, rt.copy(q_1), rt.copy(q_2), q_3))
            q[:, j] -= q_3 * q_1
        q_4 = slice(None, None, None), j
        q_5 = q[:, j]
        q_6 = np.sqrt(q_5 @ q_5)
        q_7 = rt.copy(q[q_4]) / q_6
        saved.append((j, saved_1, rt.copy(q_5), q_6, q_7))
        q[q_4] /= q_6
    q_8 = q[-1]
    # 164: return np.sum(q[0] * q[-1])
    q_bar = np.zeros(q.shape)
    q_bar[-1] = q[0]
    q_bar[0] += q_8
    for j, saved_1, q_5_was, q_6, q_7 in reversed(saved):
        # 163: q[:, j] /= np.sqrt(q[:, j] @ q[:, j])
        q_9_bar = rt.scaled(q_bar[:, j], 1 / q_6)
        q_10_bar = -rt.scaled(q_9_bar, q_7).sum()
        q_bar[:, j] = q_9_bar
        q_5_bar = 2 * rt.divide(q_10_bar, 2 * q_6) * q_5_was
        q_bar[:, j] += q_5_bar
        for i, q_1_was, q_2_was, q_3 in reversed(saved_1):
            # 162: q[:, j] -= (q[:, i] @ q[:, j]) * q[:, i]
            q_11_bar = -q_bar[:, j]
            q_3_bar = q_11_bar @ q_1_was
            q_1_bar = q_11_bar * q_3
            q_2_bar = q_3_bar * q_1_was
            q_1_bar += q_3_bar * q_2_was
            q_bar[:, j] += q_2_bar
            q_bar[:, i] += q_1_bar
    return q_bar
