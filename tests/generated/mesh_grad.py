# gradient of mesh (loops.py:66) with respect to a, b
# a: float, b: float, n: int
def mesh_grad(a, b, n):
    saved = []
    for i in range(n):
        row = a * i
        total_1 = -row
        saved_1 = []
        saved.append((i, total_1, saved_1))
        for j in range(n):
            total_2 = math.exp(total_1 * b * j)
            saved_1.append((j, total_2))
    b_bar, a_bar = 0.0, 0.0
    for i, total_1, saved_1 in reversed(saved):
        row_bar = 0.0
        for j, total_2 in reversed(saved_1):
            # 71: total = total + math.exp(-row * b * j)
            total_3_bar = total_2 * j
            b_bar += total_3_bar * total_1
            row_bar -= total_3_bar * b
        # 69: row = a * i
        a_bar += row_bar * i
    return a_bar, b_bar
