from s2sdiff import runtime as rt


# vjp of logistic (arrays.py:27) with respect to w, b
# w: float64 array[n], b: float, x: float64 array[n, n], y: float64 array[n]
def logistic_vjp(w, b, x, y):
    p_1 = np.exp(-(x @ w + b))
    p_2 = 1.0 + p_1
    p = 1.0 / p_2
    loss_1 = 1.0 - y
    loss_2 = 1.0 - p
    loss_3 = y * np.log(p) + loss_1 * np.log(loss_2)
    loss_4 = max(loss_3.size, 1)
    loss = -np.mean(loss_3)

    def logistic_pullback(result_bar):
        # 30: return loss + 0.01 * np.sum(w ** 2)
        w_bar = 0.02 * result_bar * w
        # 29: loss = -np.mean(y * np.log(p) + (1.0 - y) * np.log(1.0 - p))
        loss_5_bar = -result_bar / loss_4
        p_bar = -rt.scaled(loss_5_bar * loss_1, np.reciprocal(loss_2))
        p_bar += rt.scaled(loss_5_bar * y, np.reciprocal(p))
        # 28: p = 1.0 / (1.0 + np.exp(-(x @ w + b)))
        p_3_bar = rt.scaled(rt.scaled(p_bar, 1 / p_2), p) * p_1
        b_bar = p_3_bar.sum()
        w_bar += x.T @ p_3_bar
        return w_bar, float(b_bar)

    return loss + 0.01 * np.sum(w ** 2), logistic_pullback
