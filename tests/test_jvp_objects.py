"""Forward mode through objects, functions as values and what holds them: tangents by place."""

import copy
import dataclasses
import functools
import gc
from collections import namedtuple
from types import SimpleNamespace

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.runtime.dots import Dots, zero_in

X, X_DOT = 1.3, 0.7
STEP = 1e-6


class Box:
    def __init__(self, value):
        self.value = value

    def squared(self):
        self.value = self.value * self.value
        return self

    @property
    def twice(self):
        return 2.0 * self.value

    @twice.setter
    def twice(self, v):
        self.value = 0.5 * v

    def __call__(self, k):
        return self.value * k

    def __getitem__(self, i):
        return self.value * i

    def __setitem__(self, i, v):
        self.value = v * i

    def __add__(self, other):
        return Box(self.value + other.value)


class Below(Box):
    def __init__(self, value, more):
        super().__init__(value)
        self.more = more

    def squared(self):
        return super().squared()

    @functools.cached_property
    def product(self):
        return self.value * self.more


class Slotted:
    __slots__ = ("v",)

    def __init__(self, v):
        self.v = v


@dataclasses.dataclass
class Layer:
    w: np.ndarray
    b: float
    n: int = 2
    scale: dataclasses.InitVar = 1.0

    def __post_init__(self, scale):
        self.b = self.b * scale

    def __call__(self, x):
        return np.sum(self.w * x) * self.b


class Table(dict):
    __getattr__ = dict.__getitem__
    __setattr__ = dict.__setitem__


class Track(list):
    def __init__(self, first):
        super().__init__([first, 2.0 * first])
        self.start = first

    def total(self):
        return sum(self) + self.start


class Vector(tuple):
    def __mul__(self, k):
        return Vector([k * v for v in self])


class Scope:
    def __init__(self, x):
        self.x = x

    def __enter__(self):
        self.x = self.x * self.x
        return self

    def __exit__(self, *_):
        self.x = self.x * 3.0


Pair = namedtuple("Pair", "a b")


def method_that_writes(x):
    box = Box(x)
    again = box
    box.squared().squared()
    return again.value * x


def object_in_two_containers(x):
    box = Box(x)
    rows, table = [box, Box(2.0)], {"k": box}
    table["k"].value = x**3
    return sum([b.value for b in rows])


def properties(x):
    box = Box(1.0)
    box.twice = x * x
    return box.twice * box.value


def operators(x):
    box = Box(x) + Box(x * x)
    box[3] = box[2]
    return box(x)


def inheritance(x):
    below = Below(x, x * x)
    first = below.product
    below.squared()
    return below.value * below.product * first


def slots(x):
    one = Slotted(x)
    one.v *= x
    del one.v
    one.v = x * x * x
    return one.v


def dataclass_made(x):
    layer = Layer(np.array([x, 2.0]), x, scale=x)
    moved = dataclasses.replace(layer, b=layer.b * x, scale=2.0)
    return layer(np.array([1.0, x])) + moved.b


def namespace(x):
    s = SimpleNamespace(a=x)
    s.b = s.a * x
    return s.b * s.a


def closures(x):
    count, k = 0.0, x * x

    def add(v):
        nonlocal count
        count += v * k
        return count

    functions = [add, lambda v: v * x]
    for f in functions:
        f(x)
    k = 2.0 * x
    return count + functions[0](1.0)


def defaults(x):
    fs = [lambda t, k=i * x: t * k for i in range(3)]
    return sum([f(x) for f in fs])


def partials(x):
    f = functools.partial(pow, x)
    g = functools.partial(lambda a, b, c: a * b + c, x, c=x * x)
    return f(2) + g(3.0)


def bound_methods(x):
    box, items = Box(x), []
    add, call = items.append, box.__call__
    add(call(x))
    box.value = 5.0 * x
    return items[0] * call(2.0)


def managers(x):
    with Scope(x) as inside:
        y = inside.x * x
    return y + inside.x


def copies(x):
    box = SimpleNamespace(value=[x, x * x])
    shallow, deep = copy.copy(box), copy.deepcopy(box)
    box.value[0] = 7.0 * x
    return shallow.value[0] * deep.value[0] + deep.value[1]


def deep_copies_of_containers(x):
    one = Slotted(x)
    twin, (again, _) = copy.deepcopy([one, (one, 1.0)])
    held = copy.deepcopy({"k": [one]})["k"][0]
    one.v *= x
    again.v *= 2.0 * x
    return one.v * twin.v + held.v


def below_containers(x):
    table, track, vector = Table(a=x), Track(x), Vector((x, x * x)) * x
    table.b = table.a * x
    track.append(table["b"])
    return track.total() * vector[1] + sum(table.values())


def named_tuples(x):
    p = Pair(x, x * x)._replace(b=x**3)
    return p.b * p.a + sum(p)


def stars(x):
    def f(a, b, *rest, k=1.0, **more):
        return a * b + sum(rest) * k + more["z"]

    return f(*[x, x * x, x], **{"k": x, "z": x * 3.0})


def walks(x):
    total, table = 0.0, {"a": x, "b": x * x}
    for i, (k, v) in enumerate(table.items()):
        total += v * (i + 1) + len(k)
    for a, b in zip(table.values(), [x, 2.0], strict=True):
        total += a * b
    return total


def recursion_with_an_object(x):
    def down(box, n):
        if n:
            box.value = box.value * x
            down(box, n - 1)

    box = Box(x)
    down(box, 3)
    return box.value


class Adding:
    def __init__(self, v):
        self.v = v

    def __iadd__(self, other):
        self.v = self.v * other
        return self

    def __imul__(self, other):
        return NotImplemented

    def __mul__(self, other):
        return Adding(self.v * other + 1.0)

    def __isub__(self, other):
        return Adding(self.v - other * other)


def in_place_operators(x):
    one = Adding(x)
    other = one
    one += x
    one *= x
    other += x
    one -= x
    return one.v * other.v


def empty_list_as_a_default(x):
    seen = []

    def add(v, into=seen):
        into.append(v)
        return into

    for i in range(3):
        add(x ** (i + 1))
    return sum(seen)


def ints_that_become_active(x):
    numbers, table = [0], {}

    def put(v, into=numbers, *, more=(table,)):
        into[0] = v * v
        more[0]["k"] = v

    [put][0](x)
    return numbers[0] * table["k"]


def partial_of_nothing_yet(x):
    items = [None, None]
    put = functools.partial(lambda a, i, v: a.__setitem__(i, v), items)
    put(0, x * x)
    return items[0] * x


FUNCTIONS = [in_place_operators, empty_list_as_a_default, ints_that_become_active,
             partial_of_nothing_yet, method_that_writes, object_in_two_containers, properties,
             operators, inheritance, slots, dataclass_made, namespace, closures, defaults, partials,
             bound_methods, managers, copies, deep_copies_of_containers, below_containers,
             named_tuples, stars, walks, recursion_with_an_object]


@pytest.mark.parametrize("f", FUNCTIONS, ids=lambda f: f.__name__)
def test_tangents_are_those_of_differences(f):
    value, tangent = sd.jvp(f, (X,), (X_DOT,))
    slope = (f(X + STEP) - f(X - STEP)) / (2 * STEP)
    assert value == f(X)
    assert tangent == pytest.approx(slope * X_DOT, rel=1e-7)
    assert type(tangent) is type(value)
    # By both modes the same number, and the same again when the code is there.
    assert tangent == pytest.approx(sd.vjp(f, X)[1](X_DOT), rel=1e-12)
    assert sd.jvp(f, (X,), (X_DOT,)) == (value, tangent)


def test_objects_as_arguments_move_along_objects():
    def loss(m, x):
        m.b = m.b * x
        return m(np.array([x, 1.0])) * m.n

    def made():
        return Layer(np.array([0.5, 2.0], np.float32), 1.5)

    model, along = made(), Layer(np.array([1.0, -1.0], np.float32), 0.25, None)
    value, tangent = sd.jvp(loss, (model, 3.0), (along, 1.0))
    assert model.b == 4.5  # as the plain call leaves it
    assert along.b == 0.25 and along.w.tolist() == [1.0, -1.0]
    w, b, x = np.array([0.5, 2.0]), 1.5, 3.0
    inner = w[0] * x + w[1]
    expected = 2 * b * x * ((1.0 * x - 1.0) + w[0]) + 2 * inner * (0.25 * x + b)
    assert tangent == pytest.approx(expected, rel=1e-6)
    assert value == pytest.approx(2 * inner * b * x)
    value, tangent = sd.jvp(loss, (made(), 3.0), (None, 1.0))
    assert tangent == pytest.approx(2 * b * (x * w[0] + inner), rel=1e-6)


def test_a_result_that_is_an_object_has_a_tangent_of_its_structure():
    def f(x):
        return {"layer": Layer(np.array([x, x * x]), x), "n": 3}

    value, tangent = sd.jvp(f, (2.0,), (1.0,))
    assert type(tangent["layer"]) is Layer and value["n"] == 3
    assert tangent["layer"].w.tolist() == [1.0, 4.0]
    assert tangent["layer"].b == 1.0 and tangent["layer"].n is None and tangent["n"] is None


def test_views_in_objects_share_their_tangents():
    class Grid:
        def __init__(self, a):
            self.all, self.inner, self.first = a, a[1:-1], a.reshape(2, 2)[0]

    def f(x):
        grid = Grid(np.ones(4) * x)
        grid.inner[...] = [x * x, x**3]
        grid.first *= 2.0
        return np.sum(grid.all * np.array([1.0, 10.0, 100.0, 1000.0]))

    _, tangent = sd.jvp(f, (X,), (1.0,))
    assert tangent == pytest.approx(2.0 + 10.0 * 4.0 * X + 100.0 * 3.0 * X**2 + 1000.0)


def test_an_array_that_two_arguments_hold_is_one_or_refused():
    shared = np.array([1.0, 2.0])

    def f(one, other, x):
        one.value[0] = x
        return other.value[0] * 2.0

    with pytest.raises(sd.DifferentiationError, match="Instead, "):
        sd.jvp(f, (Box(shared), Box(shared), 3.0), (None, None, 1.0))

    def g(box, x):
        box.value[0][0] = x
        return box.value[1][0] * 2.0

    _, tangent = sd.jvp(g, (Box([shared, shared]), 3.0), (None, 1.0))
    assert tangent == 2.0


def test_a_value_that_is_put_back_has_the_tangent_that_it_has_then():
    def f(x):
        box = Box(x)
        box.value = sd.stop_gradient(x)
        first = box.value * x
        box.value = x
        return first + box.value * x

    assert sd.jvp(f, (X,), (1.0,))[1] == pytest.approx(X + 2.0 * X)


def test_the_second_derivative_through_objects_is_right_or_refused():
    def f(x):
        return Box(x).squared().value * x

    try:
        assert sd.jvp(sd.grad(f), (X,), (1.0,))[1] == pytest.approx(6.0 * X)
    except sd.DifferentiationError as error:
        assert "Instead, " in str(error)


def test_a_tangent_of_another_structure_is_named():
    with pytest.raises(TypeError, match=r"argument 0 is a Box.*Instead, pass a tangent"):
        sd.jvp(lambda b: b.value, (Box(1.0),), (Slotted(1.0),))
    with pytest.raises(TypeError, match=r"argument 0.value has shape \(2,\)"):
        sd.jvp(lambda b: b.value[0], (Box(np.ones(2)),), (Box(np.ones(3)),))
    with pytest.raises(sd.UnsupportedError, match="set.*Instead, "):
        sd.jvp(lambda s: sum(s), ({1.0},), ({1.0},))


def test_objects_that_are_gone_leave_the_table():
    dots = Dots()
    for i in range(5000):
        dots.put(Box(1.0).__dict__, "value", float(i), 1.0)
        zero_in(dots, [float(i)])
    assert len(dots.held) + len(dots.containers) < 3000


def test_nothing_is_kept_when_the_run_is_over():
    class Unique(Box):
        pass

    sd.jvp(lambda x: Unique(x).squared().value, (X,), (1.0,))
    gc.collect()
    assert not any(type(o) is Unique for o in gc.get_objects())


def test_effects_happen_once_and_in_order():
    said = []

    class Loud(Box):
        def __setattr__(self, name, value):
            said.append(name)
            object.__setattr__(self, name, value)

    def f(x):
        box = Loud(x)
        box.other = box.value * x
        return box.other * box.value

    assert sd.jvp(f, (X,), (1.0,))[1] == pytest.approx(3.0 * X**2)
    assert said == ["value", "other"]


@pytest.mark.parametrize("write", [
    lambda a, v: a.fill(v[0]), lambda a, v: np.copyto(a, v), lambda a, v: np.put(a, [0, 2], v[:2]),
    lambda a, v: np.fill_diagonal(a.reshape(2, 2), v[:2]), lambda a, v: a.sort(),
    lambda a, v: np.multiply(a, v, out=a), lambda a, v: np.sin(a, out=a[::-1]),
    lambda a, v: np.exp(v, out=a, where=np.array([True, False, True, False])),
    lambda a, v: np.putmask(a, a > 1.0, v), lambda a, v: np.add.at(a, [0, 0, 3], v[:3]),
    lambda a, v: np.subtract.at(a, [1, 1], v[1]), lambda a, v: a.__setitem__(1, v[0]),
    lambda a, v: a.__imul__(v), lambda a, v: np.add(a, v, a),
    lambda a, v: np.cumsum(v, out=a), lambda a, v: np.put_along_axis(a, np.array([2, 0]), v[:2], 0),
])
def test_what_writes_into_an_array_writes_its_tangent(write):
    def f(a, v):
        b = a * 1.0
        view = b[:2]
        write(b, v)
        return np.sum(b * np.arange(1.0, 5.0)) + view[0] * v[1]

    rng = np.random.default_rng(3)
    a, v, a_dot, v_dot = rng.uniform(0.5, 2.0, (4, 4))
    kept = [x.copy() for x in (a, v, a_dot, v_dot)]
    value, tangent = sd.jvp(f, (a, v), (a_dot, v_dot))
    assert value == f(a, v)
    slope = (f(a + STEP * a_dot, v + STEP * v_dot) - f(a - STEP * a_dot, v - STEP * v_dot)) / (
        2 * STEP)
    assert tangent == pytest.approx(slope, rel=1e-6)
    for x, k in zip((a, v, a_dot, v_dot), kept, strict=True):
        assert x.tolist() == k.tolist()


def energy(m):
    return m.value**2


def test_a_rule_that_is_given_an_object_is_right_or_refused():
    def pulled(m):
        return energy(m), lambda bar: Box(2.0 * m.value * bar)

    def loss(m):
        return 3.0 * energy(m)

    with sd.derivatives({energy: pulled}), \
            pytest.raises(sd.UnsupportedError, match="does not follow a Box. Instead, "):
        sd.jvp(loss, (Box(2.0),), (Box(1.0),))


def test_a_differential_of_a_function_of_objects_is_given_their_tangents():
    def scaled(m, k):
        return Box(m.value * k)

    @sd.derivative(of=scaled, mode="jvp")
    def scaled_differential(m, k):
        # Ten times the slope, to be told apart.
        return scaled(m, k), lambda m_dot, k_dot: Box(10.0 * (m_dot.value * k + m.value * k_dot))

    def f(m, k):
        return scaled(m, k).value * k

    value, tangent = sd.jvp(f, (Box(2.0), 3.0), (Box(1.0), 0.5))
    assert value == 18.0
    assert tangent == pytest.approx(10.0 * (1.0 * 3.0 + 2.0 * 0.5) * 3.0 + 6.0 * 0.5)


def test_moving_along_a_tangent_is_linear_forwards_too():
    def f(m, rate):
        return sd.move(m, along={"value": [3.0 * rate]}).value[0] ** 2

    value, tangent = sd.jvp(f, (Box([3.0]), 0.5), (Box([0.2]), 1.0))
    assert (value, tangent) == (pytest.approx(4.5**2), pytest.approx(2 * 4.5 * (3.0 + 0.2)))


def written_in_one(m, x):
    m.value[0][0] = x
    return np.sum(m.value[1] * m.value[1])


def test_an_array_that_is_held_twice_and_written_does_not_move_along_two_tangents():
    shared = np.ones(2)
    for pair in ([shared, shared], [shared, shared[::-1]]):
        with pytest.raises(sd.AliasingError, match="holds the same array twice"):
            sd.jvp(written_in_one, (Box(pair), 3.0), (Box([np.zeros(2), np.zeros(2)]), 1.0))
        with pytest.raises(sd.AliasingError, match="holds the same array twice"):
            sd.jvp(lambda v, x: written_in_one(SimpleNamespace(value=v), x), (pair, 3.0),
                   ([np.zeros(2), np.zeros(2)], 1.0))
    assert shared.tolist() == [1.0, 1.0]
    apart = [np.ones(2), np.ones(2)]
    zeros = [np.zeros(2), np.zeros(2)]
    assert sd.jvp(written_in_one, (Box(apart), 3.0), (Box(zeros), 1.0)) == (2.0, 0.0)


def test_an_object_that_is_given_twice_moves_along_one_tangent():
    def product(one, other):
        return one.value * other.value

    box = Box(3.0)
    with pytest.raises(sd.AliasingError, match="two tangents"):
        sd.jvp(product, (box, box), (Box(1.0), Box(10.0)))
    assert sd.jvp(product, (box, box), (Box(1.0), Box(1.0))) == (9.0, 6.0)
    assert sd.jvp(product, (box, box), (Box(1.0), None)) == (9.0, 3.0)
    assert sd.jvp(product, (Box(3.0), Box(3.0)), (Box(1.0), Box(10.0))) == (9.0, 33.0)
    box.me, along = box, Box(1.0)
    along.me = along
    assert sd.jvp(lambda b: b.me.value * b.value, (box,), (along,)) == (9.0, 6.0)


class at:  # noqa: N801 (as a class of scipy's is called)
    def __init__(self, x, index):
        self.x, self.index = x, index

    def plus(self, y):
        return self.x[self.index] + y


def test_a_class_that_is_called_at_is_not_taken_for_a_method_of_ufuncs():
    def f(x):
        make = {"at": at}["at"]
        return make(x, 1).plus(x[0]) * x[2]

    x, x_dot = np.array([0.3, -0.7, 1.1]), np.array([1.0, 0.5, -2.0])
    expected = (x_dot[0] + x_dot[1]) * x[2] + (x[0] + x[1]) * x_dot[2]
    assert sd.jvp(f, (x,), (x_dot,))[1] == pytest.approx(expected)


class InSlots:
    __slots__ = ("items", "x")

    def __init__(self, x):
        self.x, self.items = 0.7 * x, [x]


class WithSlotsAndFields(InSlots):
    pass


@pytest.mark.parametrize("cls", [InSlots, WithSlotsAndFields])
@pytest.mark.parametrize("copied", [
    copy.copy, copy.deepcopy, lambda o: copy.deepcopy([o, o])[1],
    lambda o: copy.deepcopy({"a": (o,)})["a"][0]])
def test_copies_take_along_what_is_in_slots(cls, copied):
    def f(x):
        made = cls(x * x)
        other = copied(made)
        other.x = 3.0 * other.x + other.items[-1]
        return other.x + 5.0 * made.x + 7.0 * other.items[0]

    assert sd.jvp(f, (0.7,), (1.0,)) == pytest.approx((f(0.7), 1.4 * (2.1 + 1.0 + 3.5 + 7.0)))
    assert sd.grad(f)(0.7) == pytest.approx(1.4 * (2.1 + 1.0 + 3.5 + 7.0))


def test_keys_of_a_dict_that_an_object_holds_are_read_in_forward_mode_too():
    class Holder:
        def __init__(self, **parameters):
            self.parameters = parameters

    def f(a):
        held = Holder(a=a, b=3.0).parameters
        count = len(list(held.keys())) + len(sorted(held.keys())[1:])
        return held["a"] ** 2 * count * len(tuple(held.keys()))

    assert sd.grad(f)(2.0) == 24.0
    assert sd.jvp(f, (2.0,), (1.0,)) == (24.0, 24.0)


def test_a_property_is_given_to_a_class_in_forward_mode_too():
    class Holder:
        def __init__(self, a):
            self.held = a
            setattr(type(self), "a", property(lambda self_: self_.held))

    assert sd.jvp(lambda x: Holder(x).a ** 2, (3.0,), (1.0,)) == (9.0, 6.0)
