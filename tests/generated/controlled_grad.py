# gradient of controlled (kept.py:20) with respect to kp, ki, kd
# kp: float, ki: float, kd: float, n: int
def controlled_grad(kp, ki, kd, n):
    controller_sum, controller_before, y = 0.0, None, 0.0
    saved = []
    for _ in range(n):
        error = 1.0 - y
        controller_sum = controller_sum + error * 0.1
        test = controller_before is None
        if test:
            slope = 0.0
        else:
            slope = (error - controller_before) / 0.1
        saved.append((error, controller_sum, test, slope))
        y = y + 0.1 * (kp * error + ki * controller_sum + kd * slope - y)
        controller_before = error
    controller_sum_bar = 0.0
    controller_before_bar = 0.0
    y_bar = 0.0
    kd_bar = 0.0
    ki_bar = 0.0
    kp_bar = 0.0
    for error, controller_sum, test, slope in reversed(saved):
        # 26: cost += error * error
        error_bar = controller_before_bar + 2 * error
        # 25: y += 0.1 * (controller.update(error, 0.1) - y)
        y_1_bar = y_bar * 0.1
        y_bar -= 0.1 * y_bar
        # 17: return self.kp * error + self.ki * self.sum + self.kd * slope
        slope_bar = y_1_bar * kd
        kd_bar += y_1_bar * slope
        ki_bar += y_1_bar * controller_sum
        controller_sum_bar += y_1_bar * ki
        kp_bar += y_1_bar * error
        error_bar += y_1_bar * kp
        if test:
            controller_before_bar = 0.0
        else:
            # 15: slope = 0.0 if self.before is None else (error - self.before) / dt
            controller_before_bar = -10.0 * slope_bar
            error_bar += slope_bar * 10.0
        # 14: self.sum += error * dt
        error_bar += controller_sum_bar * 0.1
        # 24: error = 1.0 - y
        y_bar -= error_bar
    return kp_bar, ki_bar, kd_bar
