# vjp of kepler (loops.py:24) with respect to m, e
# m: float, e: float
def kepler_vjp(m, e):
    count, u = 0, m
    saved = []
    while count < 50:
        count = count + 1
        sin_u = math.sin(u)
        error = u - e * sin_u - m
        if abs(error) < 1e-12:
            break
        cos_u = math.cos(u)
        u_1 = 1.0 - e * cos_u
        u_2 = error / u_1
        saved.append((sin_u, cos_u, u_1, u_2))
        u = u - u_2

    def kepler_pullback(u_bar):
        e_bar, m_bar = 0.0, 0.0
        for sin_u, cos_u, u_1, u_2 in reversed(saved):
            # 32: u = u - error / (1.0 - e * math.cos(u))
            error_bar = -u_bar / u_1
            scaled = error_bar * u_2
            e_bar += scaled * cos_u
            u_bar -= scaled * e * sin_u
            # 29: error = u - e * math.sin(u) - m
            m_bar -= error_bar
            error_1_bar = -error_bar
            e_bar += error_1_bar * sin_u
            u_bar = u_bar + error_bar + error_1_bar * e * cos_u
        return m_bar + u_bar, e_bar

    return u, kepler_pullback
