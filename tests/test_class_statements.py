"""Class statements that run what writes, in helpers that are called for nothing: refused."""

import dataclasses
import types

import numpy as np
import pytest

import s2sdiff as sd

BOXES: list = []


def slope(f, x, h=1e-6):
    return (f(x + h) - f(x - h)) / (2 * h)


def double_all():
    for box in BOXES:
        box[0] = box[0] * 2


class Given:
    def __init_subclass__(cls, box=None):
        box[0] = box[0] * 2


class Everywhere:
    def __init_subclass__(cls):
        double_all()


class Making(type):
    def __new__(cls, name, bases, space, box=None):
        return super().__new__(cls, name, bases, space)

    def __init__(cls, name, bases, space, box=None):
        super().__init__(name, bases, space)
        if box is not None:
            box[0] = box[0] * 3


class MakingEverywhere(type):
    def __init__(cls, *how):
        double_all()
        super().__init__(*how)


class OfMaking(metaclass=MakingEverywhere):
    pass


class Calling(type):
    def __call__(cls, *args):
        double_all()
        return super().__call__(*args)


class Called(metaclass=Calling):
    pass


class Named:
    def __set_name__(self, owner, name):
        double_all()


class Entry:
    def __mro_entries__(self, bases):
        double_all()
        return ()


NAMED, ENTRY = Named(), Entry()


def made_by(name, bases, space):
    double_all()
    return type(name, bases, space)


def with_a_keyword(box):
    class Sub(Given, box=box):
        pass


def with_a_metaclass(box):
    class Sub(metaclass=Making, box=box):
        pass


def with_a_base(box):
    class Sub(Everywhere):
        pass


def with_bases_that_are_unpacked(box):
    bases = (Everywhere,)

    class Sub(*bases):
        pass


def with_a_metaclass_for_everybody(box):
    class Sub(metaclass=MakingEverywhere):
        pass


def with_a_base_of_a_metaclass(box):
    class Sub(OfMaking):
        pass


def with_a_function_for_a_metaclass(box):
    class Sub(metaclass=made_by):
        pass


def with_an_entry(box):
    class Sub(ENTRY):
        pass


def with_what_is_told_its_name(box):
    class Sub:
        field = NAMED


def with_what_is_made_and_told_its_name(box):
    class Sub:
        field = Named()


def with_a_local_base(box):
    class Base:
        def __init_subclass__(cls):
            box[0] = box[0] * 2

    class Sub(Base):
        pass


def with_a_body_that_writes(box):
    class Sub:
        for held in BOXES:
            held[0] = held[0] * 2


def with_a_body_that_calls(box):
    class Sub:
        double_all()


def with_a_body_that_clears(box):
    class Sub:
        size = len(BOXES)
        BOXES.pop()[0] *= 2


def with_a_body_that_reads_a_variable_and_writes(box):
    name = "a".upper()

    class Sub:
        label = name
        for held in BOXES:
            held[0] = held[0] * 2


def by_type(box):
    type("Sub", (Everywhere,), {})


def by_the_metaclass(box):
    MakingEverywhere("Sub", (), {})


def by_a_function_of_the_library(box):
    types.new_class("Sub", (Everywhere,))


def by_make_dataclass(box):
    dataclasses.make_dataclass("Sub", ["a"], bases=(Everywhere,))


def by_calling_a_class(box):
    Called()


HELPERS = [
    with_a_keyword, with_a_metaclass, with_a_base, with_bases_that_are_unpacked,
    with_a_metaclass_for_everybody, with_a_base_of_a_metaclass, with_a_function_for_a_metaclass,
    with_an_entry, with_what_is_told_its_name, with_what_is_made_and_told_its_name,
    with_a_local_base, with_a_body_that_writes, with_a_body_that_calls, with_a_body_that_clears,
    with_a_body_that_reads_a_variable_and_writes,
    by_type, by_the_metaclass, by_a_function_of_the_library, by_make_dataclass, by_calling_a_class,
]


@pytest.fixture(autouse=True)
def no_boxes():
    BOXES.clear()
    yield
    BOXES.clear()


def program(helper, make):
    def f(x):
        box = make(x)
        BOXES.append(box)
        helper(box)
        BOXES.clear()
        return box[0]

    return f


@pytest.mark.parametrize("make", [lambda x: [x], lambda x: x * np.ones(2)], ids=["list", "array"])
@pytest.mark.parametrize("helper", HELPERS, ids=lambda f: f.__name__)
def test_a_class_statement_that_writes_is_refused_in_a_helper_that_is_called_for_nothing(
        helper, make):
    f = program(helper, make)
    assert slope(f, 0.7) == pytest.approx(round(slope(f, 0.7))) and slope(f, 0.7) > 1.9
    for call in (sd.grad(f), lambda x: sd.vjp(f, x)):
        with pytest.raises(sd.UnsupportedError, match=r" in \w+(.|\n)* writes(.|\n)*Instead, write "
                           "before or behind the class statement"):
            call(0.7)


def test_items_of_a_global_list_are_written_in_a_loop_of_a_helper():
    def f(x):
        box = [x]
        BOXES.append(box)
        double_all()
        firsts = [b[0] for b in BOXES]
        BOXES.clear()
        return box[0] * firsts[0]

    assert sd.grad(f)(0.7) == pytest.approx(slope(f, 0.7), rel=1e-6)
