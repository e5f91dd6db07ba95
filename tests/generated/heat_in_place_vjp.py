# vjp of heat_in_place (places.py:6) with respect to u, k
# u: float64 array[n], k: float, steps: int
def heat_in_place_vjp(u, k, steps):
    u = u.copy()
    saved = []
    for _ in range(steps):
        u_1 = u[2:] - 2.0 * u[1:-1]
        u_2 = u_1 + u[:-2]
        saved.append(u_2)
        u[1:-1] += k * u_2

    def heat_in_place_pullback(result_bar):
        # 10: return np.sum(u * u)
        u_bar = 2 * result_bar * u
        k_bar = 0.0
        for u_2 in reversed(saved):
            # 9: u[1:-1] += k * (u[2:] - 2.0 * u[1:-1] + u[:-2])
            u_3_bar = u_bar[1:-1]
            u_2_bar = u_3_bar * k
            k_bar += u_3_bar @ u_2
            u_bar[:-2] += u_2_bar
            u_bar[1:-1] -= 2.0 * u_2_bar
            u_bar[2:] += u_2_bar
        return u_bar, float(k_bar)

    return np.sum(u * u), heat_in_place_pullback
