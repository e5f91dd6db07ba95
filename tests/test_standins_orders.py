"""Second derivatives of what solvers find are right, or refused: a solution counts as fixed."""

import numpy as np
import pytest

import s2sdiff as sd

optimize = pytest.importorskip("scipy.optimize")
integrate = pytest.importorskip("scipy.integrate")

FOUND = {
    "a root between two points": lambda t: optimize.brentq(lambda x: x**3 - t, 0.1, 3.0),
    "a root of several equations": lambda t: optimize.fsolve(lambda x: x**3 - t, np.ones(1))[0],
    "a fixed point": lambda t: optimize.fixed_point(lambda x: np.sqrt(t / x), 1.0),
    "a point": lambda t: optimize.minimize(
        lambda x: np.sum((x - t) ** 2 + x**4), np.ones(1), tol=1e-12).x[0],
    "a least value": lambda t: optimize.minimize(
        lambda x: np.sum((x - t) ** 2 + x**4), np.ones(1), tol=1e-12).fun,
    "an integral": lambda t: integrate.quad(lambda x: x * np.exp(t * x), 0.0, t)[0],
}

WAYS = {
    "grad of grad": lambda f: sd.grad(sd.grad(f)), "hessian": lambda f: sd.hessian(f),
    "jvp of grad": lambda f: lambda t: sd.jvp(sd.grad(f), (t,), (1.0,))[1],
    "grad of jvp": lambda f: sd.grad(lambda t: sd.jvp(f, (t,), (1.0,))[1]),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("what", FOUND)
def test_a_second_derivative_is_right_or_refused(what, way):
    f, step = FOUND[what], 1e-3
    second = (f(1.3 + step) - 2 * f(1.3) + f(1.3 - step)) / step**2
    try:
        found = WAYS[way](f)(1.3)
    except sd.DifferentiationError as error:
        assert "Instead, " in str(error)
    else:
        assert float(found) == pytest.approx(second, rel=2e-3)
