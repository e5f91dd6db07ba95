"""What the caller changes in an argument between a call and its pullback does not matter."""

import pytest

import s2sdiff as sd


class Box:
    def __init__(self, **held):
        self.__dict__.update(held)


def by_a_computed_name(box, name):
    return getattr(box, name) * 3.0


def from_its_dict(box, name):
    return box.__dict__[name] * 3.0


def from_its_variables(box, name):
    return vars(box)[name] * 3.0


def of_all_names(box, name):
    total = 0.0
    for each in vars(box):
        total = total + getattr(box, each) * 3.0
    return total


def read(box, name):
    return getattr(box, name)


def by_a_helper(box, name):
    return read(box, name) * 3.0


CHANGES = {
    "deleted": lambda box: delattr(box, "x"), "replaced": lambda box: setattr(box, "x", 7.0),
    "none": lambda box: setattr(box, "x", None), "cleared": lambda box: vars(box).clear(),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("f", [by_a_computed_name, from_its_dict, from_its_variables,
                               of_all_names, by_a_helper])
def test_an_attribute_that_is_changed_meanwhile_has_its_derivative(f, change):
    box = Box(x=2.0, y=1.0)
    _, pullback = sd.vjp(f, box, "x")
    CHANGES[change](box)
    for _ in range(2):
        gradient = pullback(1.0)[0]
        assert gradient.x == 3.0
        assert gradient.y == (3.0 if f is of_all_names else 0.0)


def of_an_item(boxes, key):
    return getattr(boxes[key], "x") * 3.0  # noqa: B009


@pytest.mark.parametrize("make, key", [(list, 0), (tuple, 0), (lambda b: {"k": b[0]}, "k")])
def test_an_object_in_a_container_is_what_it_was(make, key):
    box = Box(x=2.0, y=1.0)
    _, pullback = sd.vjp(of_an_item, make([box]), key)
    del box.x
    assert pullback(1.0)[0][key].x == 3.0
