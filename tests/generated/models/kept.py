"""Simulations of objects that keep what has been, with the gradients that a person writes."""

import math


class Controller:
    """Proportional, integral and derivative, of which the last has nothing to go by at first."""

    def __init__(self, kp, ki, kd):
        self.kp, self.ki, self.kd = kp, ki, kd
        self.sum, self.before = 0.0, None

    def update(self, error, dt):
        self.sum += error * dt
        slope = 0.0 if self.before is None else (error - self.before) / dt
        self.before = error
        return self.kp * error + self.ki * self.sum + self.kd * slope


def controlled(kp, ki, kd, n):
    controller = Controller(kp, ki, kd)
    y, cost = 0.0, 0.0
    for _ in range(n):
        error = 1.0 - y
        y += 0.1 * (controller.update(error, 0.1) - y)
        cost += error * error
    return cost


def controlled_hand(kp, ki, kd, n):
    y, total, before = 0.0, 0.0, None
    saved = []
    for _ in range(n):
        error = 1.0 - y
        total += error * 0.1
        first = before is None
        slope = 0.0 if first else (error - before) / 0.1
        before = error
        saved.append((error, total, first, slope))
        y += 0.1 * (kp * error + ki * total + kd * slope - y)
    y_bar, total_bar, before_bar = 0.0, 0.0, 0.0
    kp_bar, ki_bar, kd_bar = 0.0, 0.0, 0.0
    for error, total, first, slope in reversed(saved):
        u_bar = 0.1 * y_bar
        kp_bar += u_bar * error
        ki_bar += u_bar * total
        kd_bar += u_bar * slope
        total_bar += u_bar * ki
        error_bar = 2.0 * error + u_bar * kp + before_bar + total_bar * 0.1
        before_bar = 0.0
        if not first:
            slope_bar = u_bar * kd / 0.1
            error_bar += slope_bar
            before_bar = -slope_bar
        y_bar = 0.9 * y_bar - error_bar
    return kp_bar, ki_bar, kd_bar


class Circle:
    def __init__(self, r):
        self.r = r

    def area(self):
        return math.pi * self.r ** 2


class Rect:
    def __init__(self, a, b):
        self.a, self.b = a, b

    def area(self):
        return self.a * self.b


def areas(r, a, n):
    shapes = []
    for k in range(n):
        shapes.append(Circle(r * k) if k % 2 else Rect(a, r + k))
    total = 0.0
    for shape in shapes:
        total += shape.area()
    return total


def areas_hand(r, a, n):
    circle_r, rect_a, rect_b, kinds = [], [], [], []
    for k in range(n):
        if k % 2:
            kinds.append(("Circle", len(circle_r)))
            circle_r.append(r * k)
        else:
            kinds.append(("Rect", len(rect_a)))
            rect_a.append(a)
            rect_b.append(r + k)
    circle_r_bar = [0.0] * len(circle_r)
    rect_a_bar, rect_b_bar = [0.0] * len(rect_a), [0.0] * len(rect_b)
    for kind, at in reversed(kinds):
        if kind == "Circle":
            circle_r_bar[at] += 2.0 * math.pi * circle_r[at]
        else:
            rect_a_bar[at] += rect_b[at]
            rect_b_bar[at] += rect_a[at]
    r_bar, a_bar = 0.0, 0.0
    for k in reversed(range(n)):
        if k % 2:
            r_bar += circle_r_bar.pop() * k
        else:
            a_bar += rect_a_bar.pop()
            r_bar += rect_b_bar.pop()
    return r_bar, a_bar
