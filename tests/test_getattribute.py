"""Classes that answer for each attribute of their objects, by differences."""

import math

import numpy as np
import pytest

import s2sdiff as sd


class Scaled:
    """One attribute is another one's multiple, and one method another function."""

    def __init__(self, v):
        self.v = v

    def __getattribute__(self, name):
        if name == "twice":
            return lambda x: 3 * x
        if name == "w":
            return 5 * object.__getattribute__(self, "v")
        return object.__getattribute__(self, name)

    def twice(self, x):
        return 2 * x

    @property
    def square(self):
        return self.v ** 2


class Wrapper:
    """As in `statsmodels`: what it has not itself is what it holds, changed."""

    def __init__(self, inner):
        self._inner = inner

    def __getattribute__(self, name):
        get = lambda n: object.__getattribute__(self, n)  # noqa: E731
        try:
            return get(name)
        except AttributeError:
            pass
        return getattr(get("_inner"), name) * 2


class Above(Scaled):
    def __getattribute__(self, name):
        if name == "z":
            return super().__getattribute__("v") * 7  # type: ignore[operator]
        return super().__getattribute__(name)


class Both:
    """`__getattr__` is asked for what `__getattribute__` does not find."""

    def __init__(self, v):
        self.v = v

    def __getattribute__(self, name):
        return object.__getattribute__(self, name)

    def __getattr__(self, name):
        if name == "absent":
            raise AttributeError(name)
        return self.v * 11


class Half:
    """A property that fails when it has written."""

    def __init__(self, v):
        self.v = v

    @property
    def half(self):
        self.v = self.v * 2
        raise AttributeError("half")


KEPT = Scaled(2.0)


def method(x):
    return Scaled(x).twice(x)


def bound_method(x):
    f = Scaled(x).twice
    return f(x) * f(2.0)


def multiple(x):
    return Scaled(x).w * x


def plain_and_property(x):
    a = Scaled(x)
    return a.v * x + a.square


def wrapped(x):
    return Wrapper(Scaled(x)).v * x


def wrapped_twice(x):
    return Wrapper(Wrapper(Scaled(x))).w * x


def by_super(x):
    a = Above(x)
    return a.z * a.v * a.twice(x)


def both_ways(x):
    g = Both(x)
    return g.nothing * g.v + getattr(g, "absent", x * x)


def written(x):
    g = Both(x)
    g.v = g.v * x
    g.v += x
    return g.v * math.sin(g.v)


def by_functions(x):
    a = Scaled(x)
    a.v *= x
    return getattr(a, "w") + hasattr(a, "absent") + len(vars(a)) * a.v


def of_a_global(x):
    return KEPT.w * x + KEPT.twice(x)


def by_default(x, a=KEPT):
    return a.w * x


def in_a_list(x):
    held = [Scaled(x), Above(x * x)]
    return sum(a.w * a.twice(x) for a in held)


def in_a_try(x):
    w = Wrapper(Scaled(x))
    try:
        return getattr(w, "absent", 3.0 * x) * w.v
    except ValueError:
        return 0.0


def handled(x):
    w = Wrapper(Scaled(x))
    try:
        y = w.absent
    except AttributeError:
        y = 2.0 * w.v
    return y * x


def default_of_what_wrote(x):
    p = Half(x)
    try:
        return getattr(p, "half", 3.0 * x) * p.v
    except ValueError:
        return 0.0


@pytest.mark.parametrize("f", [
    method, bound_method, multiple, plain_and_property, wrapped, wrapped_twice, by_super,
    both_ways, written, by_functions, of_a_global, by_default, in_a_list, in_a_try, handled,
    default_of_what_wrote], ids=lambda f: f.__name__)
def test_what_a_class_answers_is_followed(f):
    sd.check_grads(f, (0.7,))
    slope = (f(0.7 + 1e-6) - f(0.7 - 1e-6)) / 2e-6
    value, pullback = sd.vjp(f, 0.7)
    assert value == f(0.7)
    assert pullback(1.0) == pullback(1.0) == pytest.approx(slope, rel=1e-7)
    assert sd.jvp(f, (0.7,), (1.0,))[1] == pytest.approx(slope, rel=1e-7)


def test_an_argument_s_class_answers():
    def f(a, x):
        return a.w * a.v * np.sum(x)

    x = np.array([0.5, 0.25])
    gradient = sd.grad(f, wrt=(0, 1))(Scaled(2.0), x)
    assert object.__getattribute__(gradient[0], "v") == 10 * 2.0 * 0.75
    assert gradient[1].tolist() == [20.0, 20.0]


class Counting:
    seen = 0

    def __init__(self, v):
        self.v = v

    def __getattribute__(self, name):
        Counting.seen += 1
        return object.__getattribute__(self, name)


class Telling:
    def __init__(self, v):
        self.v = v

    def __getattribute__(self, name):
        print(name)
        return object.__getattribute__(self, name)


class Hidden:
    def __init__(self, v):
        self.v = v

    def __getattribute__(self, name):
        if name == "__dict__":
            return {}
        return object.__getattribute__(self, name)


@pytest.mark.parametrize("cls", [Counting, Telling, Hidden])
@pytest.mark.parametrize("way", [lambda f: sd.grad(f)(0.7), lambda f: sd.jvp(f, (0.7,), (1.0,))],
                         ids=["backwards", "forwards"])
def test_what_writes_or_hides_its_fields_is_refused(cls, way):
    with pytest.raises(sd.UnsupportedError, match=r"__getattribute__.*\n?Instead, define"):
        way(lambda x: cls(x).v * x)
