# gradient of areas (kept.py:75) with respect to r, a
# r: float, a: float, n: int
def areas_grad(r, a, n):
    circle_or_rect_at = []
    circle_or_rect_class = []
    circle_r = []
    rect_a = []
    rect_b = []
    shapes = []
    saved = []
    for k in range(n):
        test_1 = k % 2
        saved.append((k, test_1))
        if test_1:
            value_2 = r * k
            value_1_place = len(circle_or_rect_class)
            place = len(circle_r)
            circle_or_rect_class.append('Circle')
            circle_or_rect_at.append(place)
            circle_r.append(value_2)
            value_1 = value_1_place
        else:
            value_3 = r + k
            value_1_place_2 = len(circle_or_rect_class)
            place_4 = len(rect_a)
            circle_or_rect_class.append('Rect')
            circle_or_rect_at.append(place_4)
            rect_a.append(a)
            rect_b.append(value_3)
            value_1 = value_1_place_2
        shapes.append(value_1)
    saved_1 = []
    for shape in shapes:
        test = circle_or_rect_class[shape] == 'Circle'
        if test:
            place_5 = circle_or_rect_at[shape]
            self_r = circle_r[place_5]
            place_6, self_a, self_b = None, None, None
        else:
            place_6 = circle_or_rect_at[shape]
            self_a = rect_a[place_6]
            self_b = rect_b[place_6]
            place_5, self_r = None, None
        saved_1.append((test, place_5, self_r, place_6, self_a, self_b))
    # 80: for shape in shapes:
    circle_r_bar = [0.0] * len(circle_r)
    rect_b_bar = [0.0] * len(rect_b)
    rect_a_bar = [0.0] * len(rect_a)
    for test, place_5, self_r, place_6, self_a, self_b in reversed(saved_1):
        if test:
            # 64: return math.pi * self.r ** 2
            circle_r_bar[place_5] += math.pi * (2 * self_r)
        else:
            # 72: return self.a * self.b
            rect_b_bar[place_6] += self_a
            rect_a_bar[place_6] += self_b
    r_bar, a_bar = 0.0, 0.0
    for k, test_1 in reversed(saved):
        if test_1:
            # 78: shapes.append(Circle(r * k) if k % 2 else Rect(a, r + k))
            r_bar += circle_r_bar.pop() * k
        else:
            value_3_bar = rect_b_bar.pop()
            a_bar += rect_a_bar.pop()
            r_bar += value_3_bar
    return float(r_bar), float(a_bar)
