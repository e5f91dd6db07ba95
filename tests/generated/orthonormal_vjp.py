from s2sdiff import runtime as rt


# vjp of orthonormal (places.py:158) with respect to a
# a: float64 array[n, n]
def orthonormal_vjp(a):
    q = a.copy()
    q_shape = q.shape
    j_items = q_shape[1]
    saved = []
    for j in range(j_items):
        saved_1 = []
        for i in range(j):
            q_1 = slice(None, None, None), j
            q_2 = slice(None, None, None), i
            q_3 = q[q_2]
            q_4 = slice(None, None, None), j
            q_5 = q[q_4]
            q_6 = q_3 @ q_5
            q_7 = slice(None, None, None), i
            q_8 = q[q_7]
            saved_1.append((q_1, q_2, q_4, q_6, rt.copy(q_3), rt.copy(q_5), q_7, rt.copy(q_8)))
            q[q_1] -= q_6 * q_8
        q_9 = slice(None, None, None), j
        q_10 = slice(None, None, None), j
        q_11 = q[q_10]
        q_12 = slice(None, None, None), j
        q_13 = q[q_12]
        q_14 = np.sqrt(q_11 @ q_13)
        q_15 = rt.copy(q[q_9]) / q_14
        saved.append((saved_1, q_9, q_10, q_12, rt.copy(q_11), rt.copy(q_13), q_14, q_15))
        q[q_9] /= q_14
    q_16 = q[0]
    q_shape = q.shape
    q_17 = q[-1]

    def orthonormal_pullback(result_bar):
        # 164: return np.sum(q[0] * q[-1])
        q_16_bar = result_bar * q_17
        q_bar = np.zeros(q_shape)
        q_bar[-1] = result_bar * q_16
        q_bar[0] += q_16_bar
        for saved_1, q_9, q_10, q_12, q_11_was, q_13_was, q_14, q_15 in reversed(saved):
            # 163: q[:, j] /= np.sqrt(q[:, j] @ q[:, j])
            q_18_bar = rt.scaled(q_bar[q_9], 1 / q_14)
            q_19_bar = -rt.scaled(q_18_bar, q_15).sum()
            q_bar[q_9] = q_18_bar
            q_20_bar = rt.divide(q_19_bar, 2 * q_14)
            q_11_bar = q_20_bar * q_13_was
            q_bar[q_12] += q_20_bar * q_11_was
            q_bar[q_10] += q_11_bar
            for q_1, q_2, q_4, q_6, q_3_was, q_5_was, q_7, q_8_was in reversed(saved_1):
                # 162: q[:, j] -= (q[:, i] @ q[:, j]) * q[:, i]
                q_21_bar = -q_bar[q_1]
                q_6_bar = q_21_bar @ q_8_was
                q_bar[q_7] += q_21_bar * q_6
                q_3_bar = q_6_bar * q_5_was
                q_bar[q_4] += q_6_bar * q_3_was
                q_bar[q_2] += q_3_bar
        return q_bar

    return np.sum(q_16 * q_17), orthonormal_pullback
