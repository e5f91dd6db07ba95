"""Fields that are no variables, registered classes, what is found twice or in itself, changes."""

import collections
import dataclasses
import threading
import typing

import numpy as np
import pytest

import s2sdiff as sd
from tests.test_differentiable_values import slopes


@dataclasses.dataclass
class Norm:
    """Running statistics, as batch normalisation has them."""

    scale: np.ndarray
    mean: np.ndarray = sd.field(differentiable=False)
    rate: float = sd.field(differentiable=False, default=0.5)
    act: typing.Any = sd.field(differentiable=False, default=np.tanh)

    def __call__(self, x):
        self.mean = self.rate * self.mean + (1 - self.rate) * np.mean(x, axis=0)
        return self.act((x - self.mean) * self.scale)


X = np.array([[0.3, -0.4], [1.2, 0.8], [-0.5, 0.1]])


def norm():
    return Norm(np.array([0.7, 1.1]), np.array([0.2, -0.3]))


def expected(x=X):
    """By differences of the formula in which the mean is a number."""
    mean = 0.5 * norm().mean + 0.5 * np.mean(X, axis=0)
    return slopes(lambda s, x: np.sum(np.tanh((x - mean) * s)), (norm().scale, x))


def of_known_class(n, x):
    return np.sum(n(x))


def of_unknown_class(ns, x):
    for n in ns:
        x = n(x)
    return np.sum(x)


def of_one_made_here(scale, x):
    return np.sum(Norm(scale, np.array([0.2, -0.3]))(x))


@pytest.mark.parametrize(("f", "given"), [
    (of_known_class, norm), (of_unknown_class, lambda: [norm()]),
    (of_one_made_here, lambda: norm().scale)], ids=["known", "unknown", "made here"])
def test_what_is_read_from_a_constant_field_has_no_derivative_though_it_was_written(f, given):
    value = given()
    g, x_bar = sd.grad(f, wrt=(0, 1))(value, X)
    g = g[0] if isinstance(g, list) else g
    if isinstance(g, Norm):
        assert (g.mean, g.rate, g.act) == (None, None, None)
    scale_bar = g.scale if isinstance(g, Norm) else g
    for got, slope in zip((scale_bar, x_bar), expected(), strict=True):
        np.testing.assert_allclose(got, slope, rtol=1e-7)
    model = value[0] if isinstance(value, list) else value
    if isinstance(model, Norm):
        np.testing.assert_allclose(model.mean, 0.5 * norm().mean + 0.5 * np.mean(X, axis=0))


@pytest.mark.parametrize("read", [lambda n: n.mean, lambda n: getattr(n, "mean"),  # noqa: B009
                                  lambda n: dataclasses.replace(n).mean,
                                  lambda n: dataclasses.astuple(n)[1]],
                         ids=["dot", "getattr", "replace", "astuple"])
def test_a_constant_field_is_constant_however_it_is_read(read):
    def f(n, x):
        n.mean = 2.0 * x
        return np.sum(read(n) * x)

    np.testing.assert_array_equal(sd.grad(f, wrt=1)(norm(), np.ones(2)), [2.0, 2.0])


def test_an_array_in_a_constant_field_may_be_an_argument_too():
    def f(ns, x):
        for n in ns:
            n.mean = x
        return np.sum(ns[0].mean * x)

    np.testing.assert_array_equal(sd.grad(f, wrt=1)([norm()], np.array([3.0, 4.0])), [3.0, 4.0])


def test_a_write_into_the_array_of_a_constant_field_is_refused_and_says_what_to_do():
    def f(n, x):
        n.mean[:] = 0.9 * n.mean + 0.1 * x
        return np.sum(n.scale * x)

    with pytest.raises(sd.DifferentiationError, match=r"constant field.*Instead, .*a new array"):
        sd.grad(f, wrt=(0, 1))(norm(), np.ones(2))


def test_the_mark_is_an_entry_of_the_metadata_and_is_inherited():
    @dataclasses.dataclass
    class Spring:
        stiffness: float
        length: float = dataclasses.field(default=1.0, metadata={"differentiable": False})

    class Below(Spring):
        pass

    for cls in (Spring, Below):
        g = sd.grad(lambda s, x: s.stiffness * (x - s.length))(cls(2.0), 4.0)
        assert (type(g), g.stiffness, g.length) == (cls, 3.0, None)
    kept = sd.field(metadata={"unit": "m"}, default=2.0).metadata
    assert dict(kept) == {"unit": "m", "differentiable": True}


def test_a_constant_field_is_kept_by_move_and_none_in_every_derivative():
    n = norm()
    moved = sd.move(n, along={"scale": np.ones(2)})
    assert moved.mean is n.mean
    np.testing.assert_array_equal(moved.scale, n.scale + 1.0)
    assert sd.zero_tangent(n).mean is None
    jacobian = sd.jacobian(lambda n: n.scale * n.mean)(n)
    assert jacobian.mean is None
    np.testing.assert_array_equal(jacobian.scale, np.diag(n.mean))
    with pytest.raises(TypeError, match="'mean', which is a constant field"):
        sd.move(n, along={"mean": np.ones(2)})


@pytest.mark.parametrize("along", [
    lambda f, x, t: sd.jvp(f, (x,), (t,)), lambda f, x, t: sd.hvp(f, (x,), (t,)),
    lambda f, x, t: sd.linearize(f, x)[1](t), lambda f, x, t: sd.move(x, along=t),
    lambda f, x, t: sd.jvp(lambda xs: f(xs[0]), ([x],), ([t],))])
def test_a_constant_field_has_no_tangent_wherever_one_is_given(along):
    @dataclasses.dataclass
    class Line:
        slope: float
        scale: float = sd.field(differentiable=False, default=2.0)

    f, x = lambda x: x.slope ** 2 * x.scale, Line(3.0)
    for strange in (Line(1.0), Line(1.0, 0.5), {"slope": 1.0, "scale": 0.5}):
        with pytest.raises(TypeError, match="'scale', which is a constant field.*Instead, "):
            along(f, x, strange)
    for fits in (Line(1.0, None), {"slope": 1.0}, sd.zero_tangent(x)):
        along(f, x, fits)
    # A cotangent of what is constant leads nowhere, whatever it is.
    assert sd.vjp(lambda x: x, x)[1](Line(1.0, 5.0)) == Line(1.0, None)


def test_an_object_that_has_numbers_in_constant_fields_alone_is_no_variable():
    @dataclasses.dataclass
    class Fixed:
        w: float = sd.field(differentiable=False, default=2.0)

    with pytest.raises(TypeError, match=r"no gradient.*Instead"):
        sd.grad(lambda m, x: m.w * x)(Fixed(), 3.0)
    assert sd.vjp(lambda m, x: m.w * x, Fixed(), 3.0)[1](1.0) == (None, 2.0)


# ---------------------------------------------------------------------------- registered classes


class Line:
    def __init__(self, slope, shift, name):
        self.slope, self.shift, self.name, self.count = slope, shift, name, 0

    def __call__(self, x):
        self.count += 1
        return self.slope * x + self.shift


sd.register_differentiable(Line, lambda x: ((x.slope, x.count), (x.shift, x.name)),
                           lambda rest, children: Line(children[0], *rest))


def test_a_registered_class_says_itself_what_is_differentiated():
    line = Line(np.float32(2.0), 5.0, "a")
    g, x_bar = sd.grad(lambda line, x: line(x) ** 2, wrt=(0, 1))(line, 3.0)
    assert (type(g), g.slope, g.shift, g.name) == (Line, np.float32(66.0), 5.0, "a")
    assert type(g.slope) is np.float32
    assert x_bar == 44.0
    moved = sd.move(line, along=g)
    assert (moved.slope, moved.shift, moved.name) == (np.float32(68.0), 5.0, "a")
    assert sd.hvp(lambda line: line.slope**3, (line,), (g,)).slope == pytest.approx(12.0 * 66.0)


def test_what_a_registered_class_keeps_beside_its_children_does_not_move():
    line = Line(2.0, 5.0, "a")
    along = sd.tangent_map(lambda t: t * 3.0, line)
    assert (along.slope, along.shift) == (6.0, 5.0)
    _, differential = sd.linearize(lambda line, x: line.slope * x + line.shift, line, 7.0)
    assert differential(along, None) == 42.0
    _, dot = sd.jvp(lambda line, x: line.slope * x + line.shift, (line, 7.0), (along, None))
    assert dot == 42.0


def test_a_constant_field_does_not_move_forwards():
    n, x = norm(), np.array([0.5, -0.5])
    n.mean = x
    _, dot = sd.jvp(lambda n, x: n.scale * n.mean + x, (n, x), (sd.tangent_map(
        np.ones_like, n), np.ones(2)))
    np.testing.assert_allclose(dot, x + 1.0)

    def written(ns, x):
        for n in ns:
            n.mean = 2.0 * x
        return ns[0].mean * x

    _, dot = sd.jvp(written, ([norm()], x), (None, np.ones(2)))
    np.testing.assert_allclose(dot, 2.0 * x)


def test_a_child_that_is_computed_is_refused_where_it_would_be_wrong():
    class Squared:
        def __init__(self, w):
            self.w = w

    sd.register_differentiable(Squared, lambda x: ((x.w**2,), None), lambda _, c: Squared(c[0]))
    with pytest.raises(sd.RuleError, match=r"no attribute.*Instead, let it give the attributes"):
        sd.grad(lambda s: s.w)(Squared(2.0))


@pytest.mark.parametrize(("given", "error", "text"), [
    ((3, len, len), TypeError, "cls is a int"), ((dict, len, len), TypeError, "is known"),
    ((collections.UserList, None, len), TypeError, "flatten is a NoneType"),
    ((collections.UserList, len, 3), TypeError, "unflatten is a int"),
    ((Line, len, len), sd.RuleError, "registered already")])
def test_what_cannot_be_registered_is_said(given, error, text):
    with pytest.raises(error, match=f"register_differentiable: .*{text}.*Instead, "):
        sd.register_differentiable(*given)


def test_field_refuses_what_is_no_bool():
    with pytest.raises(TypeError, match=r"field\(differentiable='no'\).*Instead"):
        sd.field(differentiable="no")


# ----------------------------------------------------------------- twice, in itself, and changed


@dataclasses.dataclass
class Pair:
    one: typing.Any
    two: typing.Any
    note: typing.Any = None


def product(p):
    return np.sum(p.one.w * p.two.w**2)


@dataclasses.dataclass
class Weight:
    w: np.ndarray


def test_an_object_that_is_found_twice_has_one_gradient_and_is_moved_once():
    shared = Weight(np.array([2.0, 3.0]))
    value = Pair(shared, shared)
    g = sd.grad(product)(value)
    assert g.one is g.two
    np.testing.assert_allclose(g.one.w, 3.0 * shared.w**2)
    moved = sd.move(value, along=g)
    assert moved.one is moved.two
    np.testing.assert_allclose(moved.one.w, shared.w + 3.0 * shared.w**2)
    assert sd.TangentVector(g) @ g == pytest.approx(np.sum(9.0 * shared.w**4))
    assert sd.move(value, along={"one": g.one}).two.w[0] == moved.two.w[0]
    with pytest.raises(TypeError, match=r"x\.two is found twice.*Instead"):
        sd.move(value, along={"one": g.one, "two": Weight(np.ones(2))})
    sd.check_grads(product, (value,))


def test_an_array_in_two_fields_is_two_leaves():
    w = np.array([2.0, 3.0])
    g = sd.grad(lambda p: np.sum(p.one * p.two**2))(Pair(w, w))
    np.testing.assert_allclose(g.one, w**2)
    np.testing.assert_allclose(g.two, 2.0 * w**2)
    moved = sd.move(Pair(w, w), along=g)
    np.testing.assert_allclose(moved.one, w + w**2)
    np.testing.assert_allclose(moved.two, w + 2.0 * w**2)


def test_an_array_in_two_fields_of_which_one_is_written_is_refused():
    def f(p):
        p.one[0] = 5.0 * p.two[1]
        return np.sum(p.one * p.two)

    w = np.array([2.0, 3.0])
    with pytest.raises(sd.AliasingError, match="Instead, "):
        sd.grad(f)(Pair(w, w))


def test_a_value_that_is_found_in_itself_is_differentiated_and_moved():
    value = Pair(Weight(np.array([2.0])), [1.5])
    value.note = {"back": [value]}
    g = sd.grad(lambda p: np.sum(p.note["back"][0].one.w ** 2) * p.two[0])(value)
    assert g.note["back"][0] is g
    np.testing.assert_allclose(g.one.w, [6.0])
    np.testing.assert_allclose(g.two, [4.0])
    moved = sd.move(value, along=-1.0 * sd.TangentVector(g))
    assert moved.note["back"][0] is moved
    np.testing.assert_allclose(moved.one.w, [-4.0])


def test_what_holds_no_numbers_is_none_and_is_kept_by_move():
    lock, held = threading.Lock(), {1, 2}
    value = {"w": 2.0, "lock": lock, "rng": np.random.default_rng(0), "set": held, "f": np.sin,
             "text": "a", "int": np.arange(3), "none": None, "empty": [], "module": np}
    g = sd.grad(lambda v: v["f"](v["w"]))(value)
    assert g == {"w": pytest.approx(np.cos(2.0)), "lock": None, "rng": None, "set": None, "f": None,
                 "text": None, "int": None, "none": None, "empty": [], "module": None}
    moved = sd.move(value, along=g)
    assert moved["w"] == pytest.approx(2.0 + np.cos(2.0))
    assert all(moved[k] is value[k] for k in ("lock", "rng", "set", "f", "text", "int", "none"))


def test_a_model_that_counts_its_calls_is_differentiated_at_the_point_of_the_call():
    def f(p):
        p.note = (p.note or 0) + 1
        p.two = p.two * 3.0
        return np.sum(p.one.w * p.two) * p.note

    value = Pair(Weight(np.array([2.0, 1.0])), 0.5)
    result, pullback = sd.vjp(f, value)
    assert (value.two, value.note) == (1.5, 1)
    value.one.w[:] = 100.0
    value.two = "changed"
    for _ in range(2):
        g = pullback(1.0)
        np.testing.assert_allclose(g.one.w, [1.5, 1.5])
        assert (g.two, result) == (9.0, 4.5)
