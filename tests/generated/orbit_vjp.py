# vjp of orbit (loops.py:8) with respect to y, k
# y: float, k: float, n: int
def orbit_vjp(y, k, n):
    saved = []
    for _ in range(n):
        sin_y = np.sin(y)
        saved.append((y, sin_y))
        y = y + k * sin_y

    def orbit_pullback(y_bar):
        k_bar = 0.0
        for y, sin_y in reversed(saved):
            # 10: y = y + k * np.sin(y)
            k_bar += y_bar * sin_y
            y_bar += y_bar * k * np.cos(y)
        return float(y_bar), float(k_bar)

    return y, orbit_pullback
