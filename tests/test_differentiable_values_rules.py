"""Derivatives of one's own for and with objects: methods, constructors, properties, pullbacks."""

import dataclasses

import numpy as np
import pytest

import s2sdiff as sd


@dataclasses.dataclass
class Base:
    """The rules are wrong by ten for numbers, by a hundred for objects: one sees their use."""

    w: float

    def __call__(self, x):
        return self.w * x

    def __getitem__(self, i):
        return self.w * i

    def __neg__(self):
        return -self.w

    @property
    def square(self):
        return self.w**2

    def method(self, x):
        return self.w * x * x

    @classmethod
    def made(cls, x):
        return 4.0 * x

    @staticmethod
    def plain(x):
        return 3.0 * x


class Below(Base):
    pass


class Nearer(Below):
    """What is nearer than the registered one wins, with or without a derivative of its own."""

    def method(self, x):
        return self.w * x

    @property
    def square(self):
        return self.w**3

    @classmethod
    def made(cls, x):
        return 5.0 * x


sd.derivative(of=Base.__call__)(
    lambda self, x: (self.w * x, lambda v: (Base(100 * v * x), 10 * v * self.w)))
sd.derivative(of=Base.__getitem__)(
    lambda self, i: (self.w * i, lambda v: ({"w": 100 * v * i}, None)))
sd.derivative(of=Base.__neg__)(lambda self: (-self.w, lambda v: {"w": -100 * v}))
sd.derivative(of=Base.square)(lambda self: (self.w**2, lambda v: {"w": 200 * v * self.w}))
sd.derivative(of=Base.method)(
    lambda self, x: (self.w * x * x, lambda v: (Base(100 * v * x * x), 20 * v * self.w * x)))
sd.derivative(of=Base.made)(lambda x: (4.0 * x, lambda v: 40.0 * v))
sd.derivative(of=Base.plain)(lambda x: (3.0 * x, lambda v: 30.0 * v))

USES = [
    ("call", lambda o, x: o(x), (300.0, 20.0), None),
    ("item", lambda o, x: o[3] * x, (900.0, 6.0), None),
    ("operator", lambda o, x: (-o) * x, (-300.0, -2.0), None),
    ("property", lambda o, x: o.square * x, (1200.0, 4.0), (36.0, 8.0)),
    ("method", lambda o, x: o.method(x), (900.0, 120.0), (3.0, 2.0)),
    ("method twice", lambda o, x: o.method(x) + o.method(x), (1800.0, 240.0), (6.0, 4.0)),
    ("class method", lambda o, x: o.made(x) * o.w, (12.0, 80.0), (15.0, 10.0)),
    ("static method", lambda o, x: o.plain(x) * o.w, (9.0, 60.0), None),
]


@pytest.mark.parametrize("held", [False, True], ids=["known", "in a list"])
@pytest.mark.parametrize(("cls", "near"), [(Base, 0), (Below, 0), (Nearer, 1)])
@pytest.mark.parametrize("use", USES, ids=[u[0] for u in USES])
def test_a_registered_derivative_wins_and_the_nearest_along_the_mro_counts(use, cls, near, held):
    _, f, inherited, own = use
    expected = own if near and own is not None else inherited
    value = [cls(2.0)] if held else cls(2.0)
    g, x_bar = sd.grad((lambda os, x: f(os[0], x)) if held else f, wrt=(0, 1))(value, 3.0)
    g = g[0] if held else g
    assert type(g) is cls
    assert (g.w, x_bar) == pytest.approx(expected)


@pytest.mark.parametrize("use", USES, ids=[u[0] for u in USES])
def test_a_registered_derivative_wins_for_an_object_that_is_made_inside(use):
    _, f, (of_object, of_number), _ = use
    found = sd.grad(lambda w, x: f(Base(w), x), wrt=(0, 1))(2.0, 3.0)
    assert found == pytest.approx((of_object, of_number))


def test_a_late_derivative_of_a_property_or_a_constructor_takes_effect():
    class Late:
        def __init__(self, w):
            self.w = w * w

        @property
        def twice(self):
            return 2.0 * self.w

    def f(w):
        return Late(w).twice

    assert sd.grad(f)(3.0) == pytest.approx(12.0)
    sd.derivative(of=Late.twice)(lambda self: (2.0 * self.w, lambda v: {"w": 20.0 * v}))
    assert sd.grad(f)(3.0) == pytest.approx(120.0)

    @sd.derivative(of=Late.__init__, writes="self")
    def late_derivative(self, w):
        Late.__init__(self, w)
        return None, lambda v, self_bar: (None, 100.0 * 2.0 * w * self_bar.pop("w", 0.0))

    assert sd.grad(f)(3.0) == pytest.approx(100.0 * 120.0)


@dataclasses.dataclass
class Point:
    x: float
    y: np.ndarray
    tag: str = ""


def test_the_derivative_of_a_class_is_given_the_cotangent_as_an_object():
    seen = []

    def pulled(x, y, tag=""):
        def pullback(v):
            seen.append(v)
            return 10.0 * v.x, 100.0 * v.y, None
        return Point(x, y, tag), pullback

    with sd.derivatives({Point: pulled}):
        for f in (lambda a, b: Point(a, b).x, lambda a, b: [Point(a, b, tag="t")][0].x):
            x_bar, y_bar = sd.grad(f, wrt=(0, 1))(2.0, np.ones(2))
            assert x_bar == 10.0
            np.testing.assert_array_equal(y_bar, np.zeros(2))
        _, pullback = sd.vjp(Point, 2.0, np.ones(2))
        np.testing.assert_array_equal(pullback(Point(1.0, np.ones(2)))[1], [100.0, 100.0])
    assert all(type(v) is Point and v.tag is None for v in seen)
    assert len(seen) == 3


def test_a_class_is_a_function_like_any_other():
    value, pullback = sd.vjp(Point, 2.0, np.ones(2))
    assert type(value) is Point
    x_bar, y_bar = pullback({"x": 3.0})
    assert x_bar == 3.0
    np.testing.assert_array_equal(y_bar, np.zeros(2))


def test_a_rule_for_init_that_does_not_say_what_it_writes_is_refused():
    class Made:
        def __init__(self, w):
            self.w = w

    with pytest.raises(sd.RuleError, match=r"writes into its first.*Instead, .*writes='self'"):
        sd.derivative(of=Made.__init__)(lambda self, w: (None, lambda v: (None, 1.0)))


def of(entry):
    return sd.differentiable_function(
        lambda p: (p.x * np.sum(p.y), lambda v: entry))


@pytest.mark.parametrize(("entry", "text"), [
    (Point(1.0, np.ones(3)), r"shape \(3,\) was given for a value of shape \(2,\)"),
    (Point(1.0, 1.0), r"shape \(\) was given for a value of shape \(2,\)"),
    (Point("a", np.ones(2)), "type str was given"),
    ((1.0, np.ones(2)), "type tuple of 2 was given for a value of type Point"),
    ({"z": 1.0}, "has 'z', which the value has not")], ids=range(5))
def test_a_rule_that_gives_a_cotangent_of_another_structure_is_refused(entry, text):
    ruled = of(entry)
    for f in (ruled, lambda p: ruled(p) * 2.0, lambda p: p.x + ruled(p)):
        with pytest.raises(sd.RuleError, match=f"{text}.*Instead"):
            sd.grad(f)(Point(2.0, np.ones(2)))


@pytest.mark.parametrize(("cotangent", "text"), [
    (3.0, "the value is a Point, the cotangent is of type float"),
    (Point(1.0, np.ones(3)), r"the value\.y has shape \(2,\), the cotangent \(3,\)"),
    (Point(1j, None), r"the value\.x has dtype float64, the cotangent complex128"),
    ({"x": 1.0, "z": 2.0},
     "the value is a Point, the cotangent has 'z', which is none of its attributes")], ids=range(4))
def test_a_cotangent_that_does_not_fit_an_object_is_an_error_that_names_the_place(cotangent, text):
    _, pullback = sd.vjp(lambda p: Point(p.x * 2.0, p.y * 2.0), Point(1.0, np.ones(2)))
    with pytest.raises(TypeError, match=f"pullback: {text}.*Instead"):
        pullback(cotangent)


@pytest.mark.parametrize("cotangent", [None, {}, Point(None, None), {"y": None}], ids=range(4))
def test_none_is_the_zero_cotangent_of_an_object_and_of_what_is_in_it(cotangent):
    _, pullback = sd.vjp(lambda p: {"p": [Point(p.x * 2.0, p.y * 2.0), p.x]},
                         Point(1.0, np.ones(2)))
    g = pullback({"p": [cotangent, 5.0]})
    assert g.x == 5.0
    np.testing.assert_array_equal(g.y, np.zeros(2))


def test_a_hook_gets_an_object_of_its_own_which_it_may_change():
    kept = []

    def hook(v):
        kept.append(v)
        v.x *= 3.0
        v.y[:] = 7.0

    def f(p):
        q = sd.with_derivative(p, hook)
        return q.x * np.sum(q.y) + p.x

    g = sd.grad(f)(Point(2.0, np.ones(2), "kept"))
    assert (g.x, kept[0].tag) == (7.0, None)
    np.testing.assert_array_equal(g.y, [7.0, 7.0])


def test_a_checkpoint_takes_a_model_and_runs_as_often_as_it_says():
    runs = []

    @sd.checkpoint
    def body(p, s):
        runs.append(None)
        p.tag = p.tag + "!"
        return p.x * np.sum(p.y) * s

    p = Point(1.5, np.array([1.0, 2.0]))
    value, pullback = sd.vjp(lambda p, s: body(p, s), p, 2.0)
    assert (value, len(runs), p.tag) == (9.0, 1, "!")
    for count in (2, 3):
        g, s_bar = pullback(1.0)
        assert (len(runs), p.tag) == (count, "!")
        assert (g.x, s_bar) == (6.0, 4.5)
        np.testing.assert_array_equal(g.y, [3.0, 3.0])


def by_index(x):
    return {0: x, 1: x * x}


@pytest.mark.parametrize(("value", "given"), [
    ({0: 2.0, 1: 3.0}, [1.0, 2.0]), ({0: 2.0, 1: 3.0}, [1.0, 2.0, 5.0]),
    ({0: 2.0, 1: 3.0}, {0: 1.0, 2: 5.0}), ([2.0, 3.0], {0: 1.0, 5: 1.0}),
    (({"a": [2.0, 3.0]}, 3.0), ({"a": {1: 1.0}}, 0.0))])
def test_a_hook_that_gives_a_list_for_a_dict_or_a_dict_for_a_list_is_refused(value, given):
    with pytest.raises(sd.DifferentiationError, match="a cotangent of .*Instead, "):
        sd.vjp(lambda x: sd.with_derivative(x, lambda g: given), value)[1](value)


def test_a_hook_may_leave_out_keys():
    pullback = sd.vjp(lambda d: sd.with_derivative(d, lambda g: {0: 5.0}), {0: 2.0, 1: 3.0})[1]
    assert pullback({0: 1.0, 1: 1.0}) == {0: 5.0, 1: 0.0}


def test_a_differential_that_gives_a_list_for_a_dict_is_refused():
    with sd.derivatives({}):
        sd.derivative(of=by_index, mode="jvp")(lambda x: (by_index(x), lambda t: [t, 2 * x * t]))
        with pytest.raises(sd.DifferentiationError, match="type list of 2 .*dict of 2.*Instead, "):
            sd.jvp(by_index, (2.0,), (1.0,))
        with pytest.raises(sd.DifferentiationError, match="type list of 2 .*dict of 2.*Instead, "):
            sd.jvp(lambda x: by_index(x)[1], (2.0,), (1.0,))
