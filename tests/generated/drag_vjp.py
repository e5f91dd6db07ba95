# vjp of drag (lines.py:52) with respect to v, area
# v: float, area: float
def drag_vjp(v, area):
    test_1 = v <= 0.0
    if test_1:
        result = 0.0
    else:
        re = v * area / 1.5e-05
        test_2 = re < 1.0
        if test_2:
            result_1 = 24.0 / re
            result = result_1 * v * v
        else:
            result_2 = 0.44 * area
            result = result_2 * v * v

    def drag_pullback(result_bar):
        if test_1:
            v_bar, area_bar = 0.0, 0.0
        elif test_2:
            # 57: return 24.0 / re * v * v
            result_3_bar = result_bar * v
            v_bar = 2 * result_3_bar * result_1
            # 55: re = v * area / 1.5e-5
            re_1_bar = -66666.66666666667 * (result_3_bar * v / re * result_1)
            area_bar = re_1_bar * v
            v_bar += re_1_bar * area
        else:
            # 58: return 0.44 * area * v * v
            result_4_bar = result_bar * v
            v_bar = 2 * result_4_bar * result_2
            area_bar = result_4_bar * v * 0.44
        return v_bar, area_bar

    return result, drag_pullback
