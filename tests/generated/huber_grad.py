from s2sdiff import runtime as rt


# gradient of huber (lines.py:18) with respect to r, d
# r: float, d: float
def huber_grad(r, d):
    if abs(r) < d:
        # 20: loss = r * r
        r_bar = 2 * r
        d_bar = 0.0
    else:
        # 22: loss = d * abs(r)
        r_bar = d * rt.sign(r)
        d_bar = abs(r)
    return r_bar, d_bar
