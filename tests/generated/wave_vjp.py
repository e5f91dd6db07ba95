# vjp of wave (lines.py:8) with respect to x, w
# x: float, w: float
def wave_vjp(x, w):
    sin_x = np.sin(x)
    y = sin_x * w

    def wave_pullback(result_bar):
        # 10: return y + x ** 2
        x_bar = result_bar * (2 * x)
        # 9: y = np.sin(x) * w
        w_bar = result_bar * sin_x
        x_bar += result_bar * w * np.cos(x)
        return float(x_bar), float(w_bar)

    return y + x ** 2, wave_pullback
