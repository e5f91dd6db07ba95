from s2sdiff import runtime as rt


# vjp of heat (loops.py:43) with respect to u, k
# u: float64 array[n], k: float, n: int
def heat_vjp(u, k, n):
    saved = []
    for _ in range(n):
        u_1 = u[1:-1]
        u_2 = u[2:] - 2.0 * u[1:-1]
        u_3 = u_2 + u[:-2]
        u_4 = k * u_3
        saved.append((u.shape, u_3, u_1.shape, u_4.shape))
        u = u_1 + u_4

    def heat_pullback(result_bar):
        # 46: return np.sum(u * u)
        u_bar = 2 * result_bar * u
        k_bar = 0.0
        for u_shape, u_3, u_1_shape, u_4_shape in reversed(saved):
            # 45: u = u[1:-1] + k * (u[2:] - 2.0 * u[1:-1] + u[:-2])
            u_1_bar = rt.unbroadcast(u_bar, u_1_shape)
            u_4_bar = rt.unbroadcast(u_bar, u_4_shape)
            u_3_bar = u_4_bar * k
            k_bar += (u_4_bar * u_3).sum()
            u_bar = np.zeros(u_shape)
            u_bar[:-2] = u_3_bar
            u_bar[1:-1] -= 2.0 * u_3_bar
            u_bar[2:] += u_3_bar
            u_bar[1:-1] += u_1_bar
        return u_bar, float(k_bar)

    return np.sum(u * u), heat_pullback
