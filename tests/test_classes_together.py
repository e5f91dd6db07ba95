"""Objects of several classes in one list or dict: their methods are chosen by branches."""

import inspect
import math

import pytest

import s2sdiff as sd
from s2sdiff import compiler


class Shape:
    scale = 1.0

    def area(self):
        raise NotImplementedError

    def twice(self):
        return 2.0 * self.area()

    def grown(self, k):
        self.size = self.size * k
        return self


class Circle(Shape):
    def __init__(self, r):
        self.size, self.r = 1.0, r

    def area(self):
        return self.size * math.pi * self.r ** 2

    @property
    def width(self):
        return 2.0 * self.r


class Rect(Shape):
    def __init__(self, a, b):
        self.size, self.a, self.b = 1.0, a, b

    def area(self):
        return self.size * self.a * self.b

    @property
    def width(self):
        return self.a

    def turned(self):
        self.a, self.b = self.b, self.a


class Square(Rect):
    def __init__(self, a):
        super().__init__(a, a)
        self.corner = 0.1 * a

    def area(self):
        return super().area() - self.corner ** 2


class Account:
    def __init__(self, balance):
        self.balance = balance

    def accrue(self, rate):
        self.balance *= 1.0 + rate

    @property
    def worth(self):
        return self.balance

    @worth.setter
    def worth(self, new):
        self.balance = new


class Savings(Account):
    def __init__(self, balance, bonus):
        super().__init__(balance)
        self.bonus, self.years = bonus, 0

    def accrue(self, rate):
        self.years += 1
        super().accrue(rate + self.bonus * self.years)


class Frozen(Account):
    def accrue(self, rate):
        pass


def areas(x, y):
    shapes = [Circle(x), Rect(x, y), Square(y)]
    return sum(s.area() for s in shapes)


def areas_of_those_made_in_a_loop(x, y):
    shapes = []
    for k in range(6):
        shapes.append(Circle(x * k) if k % 3 == 0 else Rect(y, x + k) if k % 3 == 1 else Square(y))
    total = 0.0
    for k, shape in enumerate(shapes):
        total += shape.area() * k
    return total


def written_by_what_all_share(x, y):
    shapes = [Circle(x), Square(y)]
    for k in range(3):
        for shape in shapes:
            shape.grown(1.0 + 0.1 * x * k)
    return shapes[0].area() + shapes[1].area() * shapes[0].size


def read_by_properties(x, y):
    shapes = [Rect(x, y), Circle(y)]
    total = 0.0
    for shape in reversed(shapes):
        total += shape.width * math.sin(shape.size * x)
    return total


def asked_for_the_class(x, y):
    shapes = [Circle(x), Rect(x, y), Square(y), Circle(y)]
    total = 0.0
    for shape in shapes:
        if isinstance(shape, Rect):
            shape.turned()
            total += shape.area()
        elif isinstance(shape, Shape):
            total -= shape.width
    return total


def interest(x, y):
    accounts = {"a": Account(3.0 * x), "b": Savings(x, 0.1 * y), "c": Frozen(y)}
    for _ in range(4):
        for name, account in accounts.items():
            account.accrue(0.1 * y)
            if name == "a":
                account.balance -= 0.1
        accounts["b"].balance += 0.1 * x
    return sum(a.balance for a in accounts.values())


def set_by_a_property(x, y):
    accounts = [Account(x), Savings(y, 0.1 * x)]
    for account in accounts:
        account.worth = account.worth * y
        account.accrue(0.2 * x)
    return accounts[0].worth + 3.0 * accounts[1].worth


def one_is_put_in_the_place_of_another(x, y):
    accounts = [Account(x), Account(y)]
    kept = accounts[0]
    for k in range(3):
        accounts[k % 2] = Savings(accounts[k % 2].balance * y, 0.1 * x)
        for account in accounts:
            account.accrue(0.1)
        kept.balance += 0.1 * y
    return kept.balance + accounts[0].balance * accounts[1].balance


def the_same_one_twice(x, y):
    one, two = Savings(x, 0.1 * y), Frozen(y)
    both = [one, two, one]
    for account in both:
        account.accrue(0.3)
    return (x if both[0] is both[2] else y) * one.balance + (both[1] is one) + two.balance


def compared_by_identity(x, y):
    shapes = [Circle(x), Rect(x, y), Circle(y)]
    total = 0.0
    for a in shapes:
        for b in shapes:
            if a is not b:
                total += a.area() * b.size
    return total


class Term:
    def __init__(self, k):
        self.k = k

    def __call__(self, t):
        return self.k * t


class Wave(Term):
    def __call__(self, t):
        return math.sin(self.k * t)


def called(x, y):
    terms = [Term(x), Wave(y), Term(x * y)]
    value = 0.5
    for term in terms:
        value = value + term(value)
    return value


class Gate:
    def __init__(self, w):
        self.w = w

    def __mul__(self, t):
        return self.w * t

    def apply(self, t):
        return self * t


class Bent(Gate):
    def __mul__(self, t):
        return math.tanh(self.w * t)


def operators(x, y):
    gates, value = [Gate(x), Bent(y), Gate(y)], 0.7
    for gate in gates:
        value = gate * value + gate.apply(0.1)
    return value


def of_what_only_some_have(x, y):
    shapes, total = [Circle(x), Rect(x, y)], 0.0
    for shape in shapes:
        if hasattr(shape, "r"):
            total += shape.r
        else:
            total += shape.a * y
    return total


def one_is_missing(x, y):
    shapes, total = [Circle(x), None, Rect(x, y)], 0.0
    for shape in shapes:
        if shape is not None:
            total += shape.area()
    return total


CASES = [f for n, f in list(vars().items()) if inspect.isfunction(f) and list(
    inspect.signature(f).parameters) == ["x", "y"]]
BY_PLACE = (of_what_only_some_have, one_is_missing)


@pytest.mark.parametrize("f", CASES)
@pytest.mark.parametrize("at", [(1.3, 0.7), (0.4, 1.1)])
def test_derivatives(f, at):
    h = 1e-6
    expected = [(f(at[0] + h, at[1]) - f(at[0] - h, at[1])) / (2 * h),
                (f(at[0], at[1] + h) - f(at[0], at[1] - h)) / (2 * h)]
    assert sd.grad(f, wrt=(0, 1))(*at) == pytest.approx(expected, rel=1e-6, abs=1e-8)
    value, pullback = sd.vjp(f, *at)
    assert value == f(*at)
    for _ in range(2):
        assert pullback(1.5) == pytest.approx([1.5 * s for s in expected], rel=1e-6, abs=1e-8)
    value, tangent = sd.jvp(f, at, (0.3, -0.5))
    assert value == f(*at)
    assert tangent == pytest.approx(0.3 * expected[0] - 0.5 * expected[1], rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("f", [f for f in CASES if f not in BY_PLACE])
def test_no_object_is_left(f):
    text = sd.source(f, wrt=(0, 1), args=(1.3, 0.7), mode="grad")
    code = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    assert not [line for line in code if "by_place" in line or "rt.call" in line]


def test_a_method_that_is_bound_anew_counts():
    def slope(at):
        return (areas(at + 1e-6, 0.7) - areas(at - 1e-6, 0.7)) / 2e-6

    assert sd.grad(areas)(1.3, 0.7) == pytest.approx(slope(1.3), rel=1e-6)
    was = Circle.area
    Circle.area = lambda self: 5.0 * self.r
    try:
        assert sd.grad(areas)(1.3, 0.7) == pytest.approx(slope(1.3), rel=1e-6)
    finally:
        Circle.area = was
    assert sd.grad(areas)(1.3, 0.7) == pytest.approx(slope(1.3), rel=1e-6)


def reads_what_one_lacks(x):
    total = 0.0
    for shape in [Circle(x), Rect(x, 2.0)]:
        total += shape.r
    return total


def calls_what_one_lacks(x):
    total = 0.0
    for shape in [Rect(x, 2.0), Circle(x)]:
        shape.turned()
        total += shape.area()
    return total


def calls_what_nobody_wrote(x):
    shapes = [Shape(), Shape()]
    return sum(shape.area() for shape in shapes) * x


@pytest.mark.parametrize("f", [reads_what_one_lacks, calls_what_one_lacks, calls_what_nobody_wrote])
def test_what_python_raises_is_raised(f):
    with pytest.raises((AttributeError, NotImplementedError)) as plain:
        f(1.5)
    for call in (lambda: sd.grad(f)(1.5), lambda: sd.jvp(f, (1.5,), (1.0,))):
        with pytest.raises(plain.type) as found:
            call()
        assert str(found.value) == str(plain.value)


class Scaled:
    def __init__(self, x):
        self.x = x

    @staticmethod
    def twice(t):
        return 2.0 * t

    def of(self, t):
        return t * self.x


class Shifted(Scaled):
    def of(self, t):
        return t + self.x


def by_a_static_method(x):
    total, made = 0.5, []
    for k in range(3):
        made.append(Scaled(x) if k else Shifted(0.3 * x))
    for one in made:
        total = one.of(total) + one.twice(x)
    return total


def test_code_with_a_static_method_that_both_have_is_made_once():
    gradient, h = sd.grad(by_a_static_method), 1e-6
    slope = (by_a_static_method(1.3 + h) - by_a_static_method(1.3 - h)) / (2 * h)
    assert gradient(1.3) == pytest.approx(slope, rel=1e-6)
    made = compiler.compile_for
    try:
        compiler.compile_for = None  # nothing is made again
        assert gradient(1.4) == pytest.approx(
            (by_a_static_method(1.4 + h) - by_a_static_method(1.4 - h)) / (2 * h), rel=1e-6)
    finally:
        compiler.compile_for = made
