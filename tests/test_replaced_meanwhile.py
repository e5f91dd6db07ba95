"""Methods, functions of modules, defaults and code that are replaced while a function runs.

What is compiled has taken them for what they were: this is refused, and never a wrong number.
"""

import sys

import pytest

import s2sdiff as sd

HERE = sys.modules[__name__]


class Model:
    rate = 3.0
    count = 0

    def __init__(self, v=1.0):
        self.v = v

    def step(self, x):
        return x * x

    def other(self, x):
        return x * 5.0

    def __mul__(self, other):
        return Model(self.v * other.v)

    def added(self, other):
        return Model(self.v + 2.0 * other.v)

    @property
    def squared(self):
        return self.v * self.v

    def choose(self, name):
        type(self).step = getattr(type(self), name)

    def counted(self, x):
        Model.count += 1
        return x * x


class Cubic:
    def step(self, x):
        return x * x * x


class Heir(Model):
    pass


def helper(x, factor=3.0):
    return x * factor * x


def cubed(x):
    return x * x * x


def with_option(x, *, factor=3.0):
    return x * factor * x


def a_method(x):
    Model.step = Model.other
    return Model().step(x)


def a_method_that_comes_back(x):
    before = Model.step
    Model.step = Model.other
    y = Model().step(x)
    Model.step = before
    return y * Model().step(x)


def a_method_through_the_object(x):
    model = Model()
    model.choose("other")
    return model.step(x)


def put(owner, name, value):
    setattr(owner, name, value)


def a_method_by_a_helper(x):
    put(Model, "step", Model.other)
    return Model().step(x)


def a_method_that_was_inherited(x):
    Heir.step = Model.other
    return Heir().step(x)


def an_operator_by_a_helper(x):
    put(Model, "__mul__", Model.added)
    return (Model(x) * Model(x * x)).v


def a_property(x):
    Model.squared = property(lambda self: self.v * 3.0)
    return Model(x).squared


def a_function_of_a_module(x):
    HERE.helper = cubed
    return helper(x)


def a_function_through_the_names_of_its_module(x):
    vars(HERE)["helper"] = cubed
    return helper(x)


def a_default(x):
    helper.__defaults__ = (2.0,)
    return helper(x)


def a_default_in_a_loop(x):
    total = 0.0
    for i in range(3):
        total += helper(x)
        helper.__defaults__ = (2.0 + i,)
    return total


def a_default_by_name(x):
    with_option.__kwdefaults__["factor"] = 2.0
    return with_option(x)


def code(x):
    helper.__code__ = cubed.__code__
    return helper(x)


def bases(x):
    Heir.__bases__ = (Cubic,)
    return Heir.step(None, x)


REPLACING = [a_method, a_method_that_comes_back, a_method_through_the_object, a_method_by_a_helper,
             a_method_that_was_inherited, an_operator_by_a_helper, a_property,
             a_function_of_a_module, a_function_through_the_names_of_its_module, a_default,
             a_default_in_a_loop, a_default_by_name, code, bases]


@pytest.fixture(autouse=True)
def as_it_was(monkeypatch):
    for name in ("step", "__mul__", "squared", "count", "rate"):
        monkeypatch.setattr(Model, name, vars(Model)[name])
    monkeypatch.setattr(HERE, "helper", helper)
    function, kept = helper, (helper.__code__, helper.__defaults__)
    yield
    function.__code__, function.__defaults__ = kept
    with_option.__kwdefaults__["factor"] = 3.0
    Heir.__bases__ = (Model,)
    if "step" in vars(Heir):
        del Heir.step


@pytest.mark.parametrize("f", REPLACING, ids=lambda f: f.__name__)
@pytest.mark.parametrize("way", [
    lambda f: sd.vjp(f, 0.7), lambda f: sd.jvp(f, (0.7,), (1.0,)),
    lambda f: sd.grad(sd.grad(f))(0.7)], ids=["reverse", "forward", "twice"])
def test_what_is_replaced_meanwhile_is_refused(f, way):
    with pytest.raises(sd.DifferentiationError, match=r"(?s)test_replaced_meanwhile.py:\d+.*"
                       "is replaced while the function that uses it runs. Instead, "):
        way(f)


def test_methods_replaced_by_others_outside_are_followed():
    assert sd.grad(lambda x: Model().step(x))(3.0) == 6.0
    Model.step = Model.other
    assert sd.grad(lambda x: Model().step(x))(3.0) == 5.0


def reads_a_constant_later(x):
    Model.rate = 2.0
    return x * Model.rate * x


def counts(x):
    model = Model()
    return model.counted(x) + model.counted(x) * x


def test_constants_and_counts_of_classes_may_be_written():
    assert sd.grad(reads_a_constant_later)(3.0) == 12.0
    assert sd.grad(counts)(2.0) == 4.0 + 12.0
    assert Model.count == 2


def changes_its_class_behind_it(x, rate=2.0):
    y = x * Model.rate * x
    Model.rate = rate
    return y


def test_a_gradient_that_another_run_would_not_give_is_not_differentiated_by_another_run():
    Model.rate = 3.0
    assert sd.grad(sd.grad(changes_its_class_behind_it))(0.7) == 6.0
    assert Model.rate == 2.0
    Model.rate = 3.0
    with pytest.raises(sd.DifferentiationError, match="Instead, "):
        sd.grad(sd.grad(changes_its_class_behind_it))(0.7, 2)
