# gradient of boiling (settings.py:15) with respect to t, x
# t: float, x: float
def boiling_grad(t, x):
    d = ANTOINE['water']
    result_1 = t + d['C']
    result_2 = d['B'] / result_1
    result = 10.0 ** (d['A'] - result_2)
    # 17: return x * 10.0 ** (d["A"] - d["B"] / (t + d["C"]))
    return x * (result * math.log(10.0)) / result_1 * result_2, result
