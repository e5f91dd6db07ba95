from s2sdiff import runtime as rt


# vjp of boiling (settings.py:15) with respect to t, x
# t: float, x: float
def boiling_vjp(t, x):
    d = ANTOINE['water']
    result_1 = t + d['C']
    result_2 = d['B'] / result_1
    result_3 = 10.0 ** (d['A'] - result_2)

    def boiling_pullback(result_bar):
        # 17: return x * 10.0 ** (d["A"] - d["B"] / (t + d["C"]))
        scaled_1 = -rt.scaled(result_bar * x, result_3 * math.log(10.0)) / result_1
        return -(scaled_1 * result_2), result_bar * result_3

    return x * result_3, boiling_pullback
