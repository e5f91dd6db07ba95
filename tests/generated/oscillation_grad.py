from s2sdiff import runtime as rt
import operator


# gradient of oscillation (objects.py:128) with respect to x, k
# x: float, k: float, dt: float, n: int
def oscillation_grad(x, k, dt, n):
    mass, Oscillator_pullback = rt.call_by_place((0, 2), Oscillator, x, 0.0, k)
    saved = []
    for _ in range(n):
        value, value_pullback = rt.method_by_place((0,), 'step', mass, dt)
        saved.append(value_pullback)
    mass_x, mass_x_pullback = rt.attribute_by_place((0,), 'x', mass)
    mass_x_1, mass_x_1_pullback = rt.attribute_by_place((0,), 'x', mass)
    result_1, mul_pullback = rt.call_by_place((0, 1), operator.mul, mass_x, mass_x_1)
    mass_v, mass_v_pullback = rt.attribute_by_place((0,), 'v', mass)
    mass_v_1, mass_v_1_pullback = rt.attribute_by_place((0,), 'v', mass)
    result_2, mul_1_pullback = rt.call_by_place((0, 1), operator.mul, mass_v, mass_v_1)
    result_3, add_pullback = rt.call_by_place((0, 1), operator.add, result_1, result_2)
    rt.scalar_result(result_3)
    # 132: return mass.x * mass.x + mass.v * mass.v
    bars = {}
    result_1_bar, result_2_bar = add_pullback(rt.deposit(bars, result_3, 1.0), bars)
    mass_v_bar, mass_v_1_bar = mul_1_pullback(result_2_bar, bars)
    mass_bar = mass_v_1_pullback(mass_v_1_bar, bars)
    mass_bar = mass_v_pullback(mass_v_bar, bars)
    mass_x_bar, mass_x_1_bar = mul_pullback(result_1_bar, bars)
    mass_bar = mass_x_1_pullback(mass_x_1_bar, bars)
    mass_bar = mass_x_pullback(mass_x_bar, bars)
    for value_pullback in reversed(saved):
        # 131: mass.step(dt)
        mass_bar = value_pullback(None, bars)
    # 129: mass = Oscillator(x, 0.0, k)
    x_bar, k_bar = Oscillator_pullback(None, bars)
    return x_bar, k_bar
