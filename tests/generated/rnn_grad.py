from s2sdiff import runtime as rt


# gradient of rnn (loops.py:49) with respect to w, u, b
# x: float64 array[n, n], w: float64 array[n, n], u: float64 array[n, n], b: float64 array[n],
#     n: int
def rnn_grad(x, w, u, b, n):
    h = np.zeros(3)
    saved = []
    for i in range(n):
        x_i = x[i]
        h_1 = np.tanh(w @ h + u @ x_i + b)
        saved.append((h, x_i, h_1))
        h = h_1
    # 53: return np.sum(h * h)
    h_bar = 2 * h
    b_bar = rt.zeros(b)
    u_bar = rt.zeros(u)
    w_bar = rt.zeros(w)
    for h, x_i, h_1 in reversed(saved):
        # 52: h = np.tanh(w @ h + u @ x[i] + b)
        h_2_bar = h_bar * (1 - h_1 ** 2)
        b_bar += h_2_bar
        u_bar += np.outer(h_2_bar, x_i)
        h_bar = w.T @ h_2_bar
        w_bar += np.outer(h_2_bar, h)
    return w_bar, u_bar, b_bar
