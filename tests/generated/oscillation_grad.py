# gradient of oscillation (objects.py:128) with respect to x, k
# x: float, k: float, dt: float, n: int
def oscillation_grad(x, k, dt, n):
    mass_v = 0.0
    v = dt * k
    saved = []
    for _ in range(n):
        saved.append(x)
        mass_v = mass_v - v * x
        x = x + dt * mass_v
    # 132: return mass.x * mass.x + mass.v * mass.v
    mass_v_bar = 2 * mass_v
    mass_x_bar = 2 * x
    k_bar = 0.0
    for x in reversed(saved):
        # 125: self.x += dt * self.v
        mass_v_bar += mass_x_bar * dt
        # 124: self.v -= dt * self.k * self.x
        v_bar = -mass_v_bar
        mass_x_bar += v_bar * v
        k_bar += v_bar * x * dt
    return mass_x_bar, k_bar
