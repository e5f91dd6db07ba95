"""Tuples, lists and dicts: cotangents have the structure of the container."""

import copy
from collections import namedtuple

import numpy as np
import pytest

from s2sdiff import ops, registry
from s2sdiff.errors import UnsupportedError
from tests.rules.checker import check_rule

V = np.array([1.0, 2.0, 3.0])
Pair = namedtuple("Pair", "first second")


def rule(target):
    return registry.find(target).function


@pytest.mark.parametrize(("target", "args", "kwargs"), [
    (ops.tuple_, (1.0, V), {}), (ops.list_, (1.0, V), {}), (tuple, ([1.0, V],), {}),
    (list, ((1.0, 2.0),), {}), (tuple, (V,), {}), (list, (np.ones((2, 3)),), {}),
    (sorted, ([3.0, 1.0, 2.0],), {}), (sorted, ((3.0, 1.0, 2.0),), {"reverse": True}),
    (copy.copy, ([1.0, V],), {}), (copy.deepcopy, ({"a": V},), {}), (dict.copy, ({"a": 1.0},), {}),
    (list.copy, ([1.0, 2.0],), {}), (dict.get, ({"a": 1.0, "b": V}, "b"), {"wrt": "self"}),
    (ops.unpack, ((1.0, V), 2, None), {"wrt": "value"}), (ops.unpack,
    (V, 3, None), {"wrt": "value"}),
    (ops.unpack, ([1.0, 2.0, 3.0, 4.0], 1, 1), {"wrt": "value"}),
    (ops.unpack, ((1.0, 2.0), 1, 1), {"wrt": "value"}), (ops.unpack, (V, 0, 1), {"wrt": "value"}),
])
def test_a_function_of_containers_agrees_with_differences(target, args, kwargs):
    kwargs = dict(kwargs)
    wrt = kwargs.pop("wrt", None)
    check_rule(target, *args, wrt=wrt, kwargs=kwargs, single=False)


def test_entries_that_nobody_read_stay_none():
    assert rule(ops.tuple_)(1.0, 2.0)[1]((None, 3.0)) == (None, 3.0)
    assert rule(ops.tuple_)(1.0, 2.0)[1](None) == (None, None)
    assert rule(tuple)([1.0, 2.0])[1]((None, 3.0)) == [None, 3.0]
    assert rule(tuple)(V)[1]((None, 3.0, None)).tolist() == [0.0, 3.0, 0.0]
    assert rule(ops.unpack)((1.0, 2.0, 3.0), 1, 0)[1]((5.0, None)) == (5.0, None, None)
    assert rule(list)(Pair(1.0, 2.0))[1]([None, 3.0]) == Pair(None, 3.0)


def test_later_keys_of_a_dict_win():
    value, pullback = rule(ops.dict_)("a", 1.0, "a", 2.0, "b", 3.0, b=4.0)
    assert value == {"a": 2.0, "b": 4.0}
    assert pullback({"a": 5.0, "b": 6.0}) == ((None, None, None, 5.0, None, None), {"b": 6.0})


def test_reversing_and_pairing_send_cotangents_back_in_place():
    value, pullback = rule(reversed)((1.0, 2.0, 3.0))
    assert list(value) == [3.0, 2.0, 1.0] and pullback([7.0, None, 9.0]) == (9.0, None, 7.0)
    value, pullback = rule(zip)([1.0, 2.0], V)
    assert list(value) == [(1.0, 1.0), (2.0, 2.0)]
    bars = pullback([(5.0, 6.0), None])
    assert bars[0] == [5.0, None] and bars[1].tolist() == [6.0, 0.0, 0.0]
    value, pullback = rule(enumerate)((1.0, 2.0), 1)
    assert list(value) == [(1, 1.0), (2, 2.0)] and pullback([(None, 3.0), None]) == (3.0, None)


def test_sorting_by_a_key_sends_cotangents_back_in_place():
    value, pullback = rule(sorted)([1.0, -3.0, 2.0], key=abs)
    assert value == [1.0, 2.0, -3.0] and pullback([4.0, 5.0, 6.0]) == [4.0, 6.0, 5.0]


def test_reading_a_dict_gives_a_dict():
    d = {"a": 1.0, "b": 2.0}
    assert rule(dict.get)(d, "a")[1](5.0) == ({"a": 5.0}, None, None)
    assert rule(dict.get)(d, "c", 3.0)[1](5.0) == (None, None, 5.0)
    assert rule(dict.values)(d)[1]([None, 5.0]) == {"a": None, "b": 5.0}
    assert rule(dict.items)(d)[1]([(None, 5.0), None]) == {"a": 5.0, "b": None}


def test_what_a_walk_uses_up_is_refused():
    for target in (tuple, list, enumerate, zip, sorted):
        with pytest.raises(UnsupportedError, match="Instead, "):
            rule(target)(iter([1.0]))
