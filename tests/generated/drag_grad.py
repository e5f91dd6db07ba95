# gradient of drag (lines.py:52) with respect to v, area
# v: float, area: float
def drag_grad(v, area):
    if v <= 0.0:
        v_bar, area_bar = 0.0, 0.0
    else:
        re = v * area / 1.5e-05
        if re < 1.0:
            result_1 = 24.0 / re
            # 57: return 24.0 / re * v * v
            v_bar = 2 * v * result_1
            # 55: re = v * area / 1.5e-5
            re_1_bar = -66666.66666666667 * (v * v / re * result_1)
            area_bar = re_1_bar * v
            v_bar += re_1_bar * area
        else:
            # 58: return 0.44 * area * v * v
            v_bar = 2 * v * (0.44 * area)
            area_bar = v * v * 0.44
    return v_bar, area_bar
