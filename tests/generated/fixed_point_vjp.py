from s2sdiff import runtime as rt
make_residual = rt.maker(fixed_point, 'residual', 158)
root_of_vjp = rt.derived(root_of, (0,), kept=True, places=True)


# vjp of fixed_point (objects.py:157) with respect to a, b
# a: float, b: float
def fixed_point_vjp(a, b):
    names = globals()
    a_cell, cell_pullback = rt.call_by_place((0,), rt.cell, a)
    b_cell, cell_1_pullback = rt.call_by_place((0,), rt.cell, b)
    residual, make_residual_pullback = rt.call_by_place(
        (1, 2), make_residual, names, a_cell, b_cell
    )
    root_of_residual, root_of_pullback = root_of_vjp(residual, 0.5, 4)

    def fixed_point_pullback(root_of_residual_bar):
        # 161: return root_of(residual, 0.5, 4)
        bars = {}
        root_of_residual_1_bar = rt.deposit(bars, root_of_residual, root_of_residual_bar)
        residual_bar = root_of_pullback(root_of_residual_1_bar, bars)
        # 158: def residual(x):
        a_cell_bar, b_cell_bar = make_residual_pullback(residual_bar, bars)
        b_bar = cell_1_pullback(b_cell_bar, bars)
        return cell_pullback(a_cell_bar, bars), b_bar

    return root_of_residual, fixed_point_pullback
