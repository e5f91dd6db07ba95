# vjp of falling (settings.py:28) with respect to v, drag
# v: float, drag: float
def falling_vjp(v, drag):
    Plan_steps = Plan.steps
    saved = []
    for _ in range(Plan_steps):
        Plan_dt = Plan.dt
        saved.append((v, Plan_dt))
        v = v + Plan_dt * (constants.g - drag * v * v)

    def falling_pullback(v_bar):
        drag_bar = 0.0
        for v, Plan_dt in reversed(saved):
            # 30: v = v + Plan.dt * (constants.g - drag * v * v)
            v_1_bar = v_bar * Plan_dt
            drag_bar -= v_1_bar * v * v
            v_bar -= 2 * v_1_bar * v * drag
        return v_bar, drag_bar

    return v, falling_pullback
