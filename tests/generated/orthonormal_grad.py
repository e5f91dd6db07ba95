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
            q_4 = q[:, i]
            saved_1.append((i, q_3, rt.copy(q_1), rt.copy(q_2), rt.copy(q_4)))
            q[:, j] -= q_3 * q_4
        q_5 = slice(None, None, None), j
        q_6 = q[:, j]
        q_7 = q[:, j]
        q_8 = np.sqrt(q_6 @ q_7)
        q_9 = rt.copy(q[q_5]) / q_8
        saved.append((j, saved_1, rt.copy(q_6), rt.copy(q_7), q_8, q_9))
        q[q_5] /= q_8
    q_10 = q[-1]
    # 164: return np.sum(q[0] * q[-1])
    q_bar = np.zeros(q.shape)
    q_bar[-1] = q[0]
    q_bar[0] += q_10
    for j, saved_1, q_6_was, q_7_was, q_8, q_9 in reversed(saved):
        # 163: q[:, j] /= np.sqrt(q[:, j] @ q[:, j])
        q_11_bar = rt.scaled(q_bar[:, j], 1 / q_8)
        q_12_bar = -rt.scaled(q_11_bar, q_9).sum()
        q_bar[:, j] = q_11_bar
        q_13_bar = rt.divide(q_12_bar, 2 * q_8)
        q_6_bar = q_13_bar * q_7_was
        q_bar[:, j] += q_13_bar * q_6_was
        q_bar[:, j] += q_6_bar
        for i, q_3, q_1_was, q_2_was, q_4_was in reversed(saved_1):
            # 162: q[:, j] -= (q[:, i] @ q[:, j]) * q[:, i]
            q_14_bar = -q_bar[:, j]
            q_3_bar = q_14_bar @ q_4_was
            q_bar[:, i] += q_14_bar * q_3
            q_1_bar = q_3_bar * q_2_was
            q_bar[:, j] += q_3_bar * q_1_was
            q_bar[:, i] += q_1_bar
    return q_bar
