from s2sdiff import runtime as rt


# vjp of huber (lines.py:18) with respect to r, d
# r: float, d: float
def huber_vjp(r, d):
    test = abs(r) < d
    if test:
        loss = r * r
    else:
        abs_r = abs(r)
        loss = d * abs_r

    def huber_pullback(loss_bar):
        if test:
            # 20: loss = r * r
            r_bar = 2 * (loss_bar * r)
            d_bar = 0.0
        else:
            # 22: loss = d * abs(r)
            d_bar = loss_bar * abs_r
            r_bar = loss_bar * d * rt.sign(r)
        return r_bar, d_bar

    return loss, huber_pullback
