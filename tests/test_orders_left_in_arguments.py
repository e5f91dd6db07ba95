"""What functions write into their arguments, inside of derivatives whose text is refused."""

import collections

import numpy as np
import pytest

import s2sdiff as sd


class Pair(tuple):
    @property
    def first(self):
        return self[0]


def opaque(v):
    """Its derivative's text cannot be differentiated."""
    return Pair((v, 1.0)).first


class Spot:
    def __init__(self, x, w, n=0):
        self.x, self.w, self.n = x, w, n


def to_and_fro(a):
    a *= 2.0
    part = opaque(np.sum(a**3))
    a /= 2.0
    return part


def scaled(a):
    tail = a[1:]
    tail *= a[0]
    a[0] = opaque(np.sum(tail**3))
    return a[0]


def grown(v):
    v[0] = v[0] * v[1]
    part = opaque(v[0] ** 3)
    v.append(part * v[1])
    v[1] = v[0] + v[2]
    return part


def renamed(table):
    table["x"] = table["x"] * table["w"]
    part = opaque(table["x"] ** 3)
    table["z"] = part * table["w"]
    del table["w"]
    return part


def stepped(spot):
    spot.x = spot.x * spot.w[0]
    part = opaque(spot.x**3)
    spot.w *= part
    spot.n += 1
    spot.product = part * spot.x
    return part


def settled(a):
    """The same bytes are written as were there: a fixed point."""
    for _ in range(3):
        a[0] = np.cos(a[0] * a[1])
    return opaque(a[0] * a[1])


def found(s):
    x = 0.5
    for _ in range(90):
        x = np.cos(x * 0.7)
    return np.array([x, s])


#: By function: what it is given, and what is read of that afterwards.
CASES = {
    to_and_fro: (lambda s: np.array([s, 2 * s]), lambda a: a[0] * a[1]),
    scaled: (lambda s: np.array([s, s**2, 1.0]), lambda a: a[0] + a[1] * a[2]),
    grown: (lambda s: [s, 2 * s**2], lambda v: v[0] * v[1] + v[-1] + len(v)),
    renamed: (lambda s: {"x": s, "w": 2 * s}, lambda t: t["x"] ** 2 + t["z"]),
    stepped: (lambda s: Spot(s, np.array([2 * s, s])),
              lambda o: o.x**2 + o.w @ np.array([1.0, 2.0]) + o.n + o.product),
    settled: (found, lambda a: a[0] ** 2),
}


def ones(x):
    if isinstance(x, (float, np.ndarray)):
        return np.ones_like(x) if isinstance(x, np.ndarray) else 1.0
    if isinstance(x, Spot):
        return Spot(1.0, np.ones(2), None)
    return [1.0] * len(x) if isinstance(x, list) else dict.fromkeys(x, 1.0)


def total(g):
    if isinstance(g, Spot):
        return g.x + np.sum(g.w)
    return sum([g[k] for k in g]) if isinstance(g, dict) else sum(g)


def by_jvp(f, x):
    return sd.jvp(f, (x,), (ones(x),))[1]


def by_grad(f, x):
    return total(sd.grad(f)(x))


@pytest.mark.parametrize("operator", [by_jvp, by_grad])
@pytest.mark.parametrize("f", CASES)
def test_what_is_left_has_its_derivatives(f, operator):
    make, read = CASES[f]

    def both(s):
        x = make(s)
        slope = operator(f, x)
        return 3.0 * slope + read(x) * slope

    expected = (both(0.7 + 1e-6) - both(0.7 - 1e-6)) / 2e-6
    for _ in range(2):
        assert sd.jvp(both, (0.7,), (1.0,))[1] == pytest.approx(expected, rel=1e-6)
    pullback = sd.vjp(both, 0.7)[1]
    assert pullback(1.0) == pytest.approx(expected, rel=1e-6)
    assert pullback(2.0) == pytest.approx(2 * expected, rel=1e-6)


def test_what_is_left_is_differentiated_twice():
    def both(v):
        k, a = 2 * v, v.copy()

        def f(a):
            a *= k
            return opaque(np.sum(a**3 * k))

        return sd.jvp(f, (a,), (np.ones(2),))[1] * a[1]

    # With k = 2 v held, f moves by 3 k (k v)^2 k = 48 v^6 along one, and a is left as 2 v^2.
    v, along, other = np.array([0.3, 0.7]), np.array([1.0, -0.5]), np.array([0.4, 2.0])
    assert both(v) == pytest.approx(96 * np.sum(v**6) * v[1] ** 2)
    s, d = np.sum(v**6), 6 * v**5
    hessian = 96 * (np.diag(30 * v**4) * v[1] ** 2 + np.diag([0.0, 2 * s])
                    + 2 * v[1] * (np.outer(d, [0.0, 1.0]) + np.outer([0.0, 1.0], d)))
    expected = along @ hessian @ other
    assert sd.hvp(both, (v,), (along,)) @ other == pytest.approx(expected)
    slope = lambda v: sd.jvp(both, (v,), (along,))[1]  # noqa: E731
    assert sd.jvp(slope, (v,), (other,))[1] == pytest.approx(expected)
    assert sd.grad(slope)(v) @ other == pytest.approx(expected)


def appended(x):
    seen = [5.0]

    def f(y):
        seen.append(y)
        return y * y * x

    return sd.grad(f)(x) * seen[-1]


def updated(x):
    seen = {"y": 5.0}

    def f(y):
        seen.update(y=y)
        return y * y * x

    return sd.grad(f)(x) * seen["y"]


def kept_in_a_new_list(x):
    seen = {}

    def f(y):
        seen.setdefault("y", []).append(y)
        return y * y * x

    return sd.grad(f)(x) * seen["y"][0]


@pytest.mark.filterwarnings("ignore::s2sdiff.ZeroDerivativeWarning")
@pytest.mark.parametrize("f", [appended, updated, kept_in_a_new_list])
def test_what_a_derivative_leaves_in_what_it_captures_has_a_tangent(f):
    # 2 x² x
    assert sd.grad(f)(0.7) == pytest.approx(6 * 0.7**2)
    assert sd.jvp(f, (0.7,), (1.0,)) == pytest.approx((2 * 0.7**3, 6 * 0.7**2))


def updated_forwards(x):
    seen = {"y": 5.0}

    def f(y):
        seen.update(y=y)
        return y * y * x

    return sum(sd.jvp(f, (x,), (1.0,))) * seen["y"]


def appended_forwards_under_a_new_key(x):
    seen = collections.defaultdict(list)

    def f(y):
        seen["y"].append(y)
        return y * y * x

    return sum(sd.jvp(f, (x,), (1.0,))) * seen["y"][-1]


@pytest.mark.filterwarnings("ignore::s2sdiff.ZeroDerivativeWarning")
@pytest.mark.parametrize("f", [updated_forwards, appended_forwards_under_a_new_key])
def test_what_forward_mode_inside_leaves_in_what_is_captured_has_a_cotangent(f):
    # (x³ + 2 x²) x
    assert sd.grad(f)(0.7) == pytest.approx(4 * 0.7**3 + 6 * 0.7**2)


def test_what_a_product_with_a_hessian_leaves_in_a_captured_list_is_what_one_run_leaves():
    seen = []

    def f(x):
        seen.append(x)
        return opaque(x**3)

    assert sd.hvp(f, (1.3,), (1.0,)) == pytest.approx(6 * 1.3)
    assert seen == [1.3]
