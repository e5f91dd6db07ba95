# gradient of heat (loops.py:43) with respect to u, k
# u: float64 array[n], k: float, n: int
def heat_grad(u, k, n):
    saved = []
    for _ in range(n):
        u_1 = u[2:] - 2.0 * u[1:-1]
        u_2 = u_1 + u[:-2]
        saved.append((u.shape, u_2))
        u = u[1:-1] + k * u_2
    # 46: return np.sum(u * u)
    u_bar = 2 * u
    k_bar = 0.0
    for u_shape, u_2 in reversed(saved):
        # 45: u = u[1:-1] + k * (u[2:] - 2.0 * u[1:-1] + u[:-2])
        u_3_bar = u_bar
        u_2_bar = u_3_bar * k
        k_bar += (u_3_bar * u_2).sum()
        u_bar = np.zeros(u_shape)
        u_bar[:-2] = u_2_bar
        u_bar[1:-1] -= 2.0 * u_2_bar
        u_bar[2:] += u_2_bar
        u_bar[1:-1] += u_3_bar
    return u_bar, float(k_bar)
