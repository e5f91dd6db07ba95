from s2sdiff import runtime as rt


# vjp of rnn (loops.py:49) with respect to w, u, b
# x: float64 array[n, n], w: float64 array[n, n], u: float64 array[n, n], b: float64 array[n],
#     n: int
def rnn_vjp(x, w, u, b, n):
    h = np.zeros(3)
    saved = []
    for i in range(n):
        x_i = x[i]
        h_1 = np.tanh(w @ h + u @ x_i + b)
        saved.append((h, x_i, h_1))
        h = h_1

    def rnn_pullback(result_bar):
        # 53: return np.sum(h * h)
        h_bar = 2 * result_bar * h
        b_bar = rt.zeros(b)
        u_bar = rt.zeros(u)
        w_bar = rt.zeros(w)
        for h_2, x_i, h_1 in reversed(saved):
            # 52: h = np.tanh(w @ h + u @ x[i] + b)
            h_3_bar = h_bar * (1 - h_1 ** 2)
            b_bar += h_3_bar
            u_bar += np.outer(h_3_bar, x_i)
            h_bar = w.T @ h_3_bar
            w_bar += np.outer(h_3_bar, h_2)
        return w_bar, u_bar, b_bar

    return np.sum(h * h), rnn_pullback
