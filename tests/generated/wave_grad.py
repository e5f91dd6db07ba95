# gradient of wave (lines.py:8) with respect to x, w
# x: float, w: float
def wave_grad(x, w):
    return float(2 * x + w * np.cos(x)), float(np.sin(x))
