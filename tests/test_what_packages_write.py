"""Ways of published packages: annotations, `del`, looks at shapes, containers, texts that write."""

import collections
import inspect
import typing
from collections import ChainMap, OrderedDict

import numpy as np
import pytest

import s2sdiff as sd
from tests.slopes import check

Numbers = list[float]
X, Y = np.array([[0.3], [0.7]]), np.array([1.2, -0.4, 0.9])


class Derivative:
    def __init__(self, order: float) -> None:
        self.steps: Numbers = [0.1, 0.2]
        self.rule: typing.Any
        self.rule = order


def test_an_attribute_is_annotated_without_a_value():
    check(lambda x: Derivative(x * x).rule * x)


def test_a_name_is_deleted_behind_a_text_that_shows_it():
    def spaces(a):
        if a.ndim != 1:
            raise ValueError(f"expected a vector, got {a.shape}")
        doubled = 2.0 * a
        del a
        return doubled * doubled

    sd.check_grads(spaces, (Y,))
    with pytest.raises(ValueError, match=r"got \(2, 1\)"):
        sd.grad(lambda a: np.sum(spaces(a)))(X)


def test_a_text_that_may_show_a_deleted_name_is_refused():
    def shown(x):
        y = x * x
        if x > 0:
            del y
        return f"{y}", x

    with pytest.raises(sd.UnsupportedError, match="del of a name"):
        sd.grad(lambda x: shown(x)[1])(0.7)


def test_types_in_calls_are_no_active_values():
    def typed(x):
        steps = typing.cast(Numbers, [x, 2.0 * x])
        if isinstance(x, int | float) and isinstance(steps, list):
            return steps[0] * steps[1]
        return x

    check(typed)


def test_an_item_of_a_number_is_set_as_python_says():
    def rounded(e):
        try:
            e[abs(e) < 1e-3] = 0.0
        except TypeError:
            if abs(e) < 1e-3:
                return 0.0 * e
        return e * e

    check(lambda x: rounded(np.sin(x)))
    sd.check_grads(rounded, (Y,))
    with pytest.raises(TypeError, match="does not support item assignment"):
        sd.grad(lambda x: operator_of(np.sin(x)))(0.7)


def operator_of(x):
    x[0] = 0.0
    return x


def test_an_array_gives_itself_as_an_array():
    sd.check_grads(lambda y: y.__array__() * Y, (Y,))
    sd.check_grads(lambda y: (2.0 * y).__array__(np.float64) * Y, (Y,))


def test_the_shape_that_arrays_have_together_is_no_walk():
    def product(x, y):
        both = np.broadcast(x, y)
        made = np.empty(both.shape)
        made[...] = x * y
        return made * both.size / both.ndim

    sd.check_grads(product, (X, Y))
    with pytest.raises(sd.UnsupportedError, match="Instead, (loop|walk) over"):
        sd.grad(lambda x: sum(a * b for a, b in np.broadcast(x, Y)))(X)


class Parameters(OrderedDict):
    def __init__(self, x):
        super().__init__(scale=x)
        super(Parameters, self).__init__([("power", x * x)])


def test_an_ordered_dict_is_filled_by_the_constructor_above():
    check(lambda x: Parameters(x)["scale"] * Parameters(x)["power"])


# --------------------------------------------- classes whose texts write, beside active values


class Estimator:
    """Its text is kept, and so is what it is copied by."""

    shown: list = []

    def __init__(self, scale):
        self.scale = scale

    def __repr__(self):
        self.shown.append(self.scale)
        return "Estimator"

    def __eq__(self, other):
        self.shown.append(other)
        return self is other

    __hash__ = object.__hash__

    def __dir__(self):
        return [*super().__dir__(), "scale"]

    def __getstate__(self):
        self.shown.append("state")
        return {"scale": self.scale}


def test_a_dict_that_is_searched_asks_its_keys_alone():
    def fitted(x, **params):
        model = Estimator(x)
        params = {**params, "estimator": model}
        if params.get("ensure", True) and not inspect.isclass(model):
            return params.pop("estimator").scale * x
        return x

    check(fitted)
    assert Estimator.shown == []


def test_names_of_an_object_are_listed():
    check(lambda x: Estimator(x).scale * (2.0 if "scale" in dir(Estimator(x)) else 1.0) * x)


def test_a_chain_of_dicts_is_read():
    def option(x):
        model = Estimator(x)
        settings = ChainMap({}, {"radius": 2.0}, {"radius": 3.0, "speed": model.scale})
        return settings["speed"] * settings.get("radius") * x

    check(option)


class Poses(collections.UserList):
    def __init__(self, poses):
        super().__init__(poses)

    def __repr__(self):
        self.data.append(0.0)
        return "Poses"


def test_a_constructor_above_is_given_an_object_whose_text_writes():
    check(lambda x: sum(Poses(Poses([x, x * x]))) * Estimator(x).scale)


def test_a_list_that_is_divided_in_place_becomes_an_array_in_both_modes():
    def sheared(x, s):
        shear = [x, x * x, 3.0 * x]
        shear[1:] /= s
        shear[:2] -= s * Y[:2]
        return shear[0] * shear[1] * shear[2]

    sd.check_grads(sheared, (0.7, np.float64(1.3)))
