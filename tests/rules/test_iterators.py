"""Iterators and containers made of others: the elements are the same objects, drawn once."""

import inspect
import itertools
import operator
from collections import OrderedDict, defaultdict, deque

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import ops, registry
from s2sdiff.errors import UnsupportedError
from s2sdiff.runtime import values
from s2sdiff.runtime.walks import Walk
from tests.rules.checker import differentiated, entry_of
from tests.rules.values import assert_identical, combine, pair, random_like

V = np.array([1.0, 2.0, 3.0])


def rule(target):
    return registry.find(target).function


def drawn(value):
    """What an iterator or a view gives; everything else as it is."""
    known = isinstance(value, (list, tuple, dict, set, float))
    return value if known else list(value)


def check(target, *args, moved=0, **kwargs):
    """What is given is what the function gives, and cotangents go where its elements came from.

    The functions are linear in the numbers that go through them, so a difference is exact.
    """
    expected, (value, pullback) = drawn(target(*args, **kwargs)), rule(target)(*args, **kwargs)
    assert_identical(drawn(value), expected, "value")
    rng = np.random.default_rng(0)
    bar, along = random_like(expected, rng), random_like(args[moved], rng)
    other = [combine(1.0, x, 1.0, along) if i == moved else x for i, x in enumerate(args)]
    change = combine(1.0, drawn(target(*other, **kwargs)), -1.0, expected)
    forms = [bar]
    if isinstance(bar, list):
        forms.append({i: g for i, g in enumerate(bar) if g is not None})
    bound = inspect.signature(rule(target)).bind(*args, **kwargs)
    found = registry.find(target)
    name = next(iter(differentiated(found, args, kwargs, (moved,))))
    for form in forms:
        entry = entry_of(found, bound, pullback(form), name)
        entry = dict(enumerate(entry)) if isinstance(args[moved], list) and isinstance(
            entry, list) else entry
        entry = [entry.get(i) for i in range(len(args[moved]))] if isinstance(
            args[moved], list) else entry
        assert np.isclose(pair(entry, along), pair(bar, change))


L, T, D = [1.0, 2.0, 3.0], (4.0, 5.0), {"a": 1.0, "b": 2.0}


@pytest.mark.parametrize(("target", "args", "kwargs"), [
    (itertools.chain, (L, T), {}), (itertools.chain, (L,), {}), (itertools.chain, (V, L), {}),
    (itertools.chain, (T, L), {"moved": 1}), (zip, (L, T), {}), (zip, (L, T), {"moved": 1}),
    (zip, (L, "abc"), {}), (enumerate, (L, 3), {}), (reversed, (L,), {}), (reversed, (V,), {}),
    (itertools.product, (L, T), {}), (itertools.product, (L, T), {"moved": 1}),
    (itertools.product, (L,), {"repeat": 2}), (itertools.pairwise, (L,), {}),
    (itertools.combinations, (L, 2), {}), (itertools.permutations, (L,), {}),
    (itertools.permutations, (L, 2), {}), (itertools.combinations_with_replacement, (L, 2), {}),
    (itertools.islice, (L, 2), {}), (itertools.islice, (L, 1, None), {}),
    (itertools.islice, (L, 0, 3, 2), {}), (itertools.compress, (L, [1, 0, 1]), {}),
    (itertools.zip_longest, (L, T), {}), (itertools.zip_longest, (L, T), {"fillvalue": 7.0}),
    (sorted, ([3.0, 1.0, 2.0],), {}), (list, (L,), {}), (list, (T,), {}),
    (dict.values, (D,), {}), (dict.items, (D,), {}), (dict, (D,), {}), (dict.copy, (D,), {}),
    (dict, ([("a", 1.0), ("b", 2.0), ("a", 3.0)],), {}), (dict, ([["a", 1.0]],), {"b": 2.0}),
    (list.copy, (L,), {}), (max, (L,), {}), (min, (L,), {}),
    (OrderedDict.items, (OrderedDict(D),), {}), (OrderedDict, (D,), {}),
    (OrderedDict, (D,), {"b": 5.0}), (np.ndenumerate, (np.array([V, 2 * V]),), {}),
    (iter, (L,), {}),
])
def test_what_gives_elements_again_sends_cotangents_back(target, args, kwargs):
    check(target, *args, **kwargs)


def test_a_repeated_value_receives_the_sum():
    value, pullback = rule(itertools.repeat)(2.0, 3)
    assert list(value) == [2.0] * 3 and pullback({0: 1.0, 2: 4.0}) == 5.0
    for cls in (dict, OrderedDict, defaultdict):
        value, pullback = rule(cls.fromkeys)("ab", 2.0)
        assert type(value) is cls and value == {"a": 2.0, "b": 2.0}
        assert pullback({"a": 1.0, "b": 4.0}) == (None, 5.0)
    _, pullback = rule(itertools.zip_longest)([1.0], [2.0, 3.0], fillvalue=9.0)
    assert pullback([(1.0, 2.0), (4.0, 8.0)]) == (([1.0], [2.0, 8.0]), 4.0)
    with pytest.raises(UnsupportedError, match="Instead, "):
        rule(itertools.repeat)(2.0)


def test_an_array_made_of_what_is_drawn_sends_cotangents_to_what_was_drawn():
    value, pullback = rule(np.fromiter)(L, float)
    assert value.tolist() == L and pullback(V) == L
    value, pullback = rule(np.fromiter)(T, float, count=1)
    assert value.tolist() == [4.0] and pullback(V[:1]) == (1.0, None)
    value, pullback = rule(np.ndenumerate)(V)
    assert pullback([None, ((None,), 5.0), ((None,), None)]).tolist() == [0.0, 5.0, 0.0]


def test_a_default_dict_is_made_of_another_dict():
    value, pullback = rule(defaultdict)(float, D, b=7.0)
    assert value == {"a": 1.0, "b": 7.0} and value.default_factory is float
    default_bar, other_bar, kwargs_bar = pullback({"a": 5.0, "b": 6.0})
    assert default_bar is None and other_bar == {"a": 5.0} and kwargs_bar == {"b": 6.0}


def test_sets_and_deques_of_active_numbers_have_slots():
    value, pullback = rule(set)([1.0, 2.0, 1.0])
    assert value == {1.0, 2.0} and pullback({1.0: 5.0}) == [5.0, None, None]
    assert rule(frozenset)((1.0,))[1]({1.0: 5.0}) == (5.0,)
    assert rule(ops.set_)(1.0, 2.0, 1.0)[1]({1.0: 5.0, 2.0: 6.0}) == (5.0, 6.0, None)
    value, pullback = rule(deque)([1.0, 2.0, 3.0], 2)
    assert value == deque([2.0, 3.0], 2) and pullback({0: 5.0}) == ([None, 5.0, None], None)
    assert rule(deque)([1.0, 2.0, 3.0], 1)[1]({0: 5.0}) == ([None, None, 5.0], None)
    assert rule(deque)([1.0, 2.0], 3)[1]({0: 5.0}) == ([5.0, None], None)
    x, y = {1.0, 2.0}, {2.5, 3.0}
    for function in (operator.or_, operator.xor, set.union, set.__or__):
        value, pullback = rule(function)(x, y)
        first, second = pullback({1.0: 5.0, 3.0: 7.0})
        assert value == function(x, y) and first == {1.0: 5.0}
        assert (second[0] if isinstance(second, tuple) else second) == {3.0: 7.0}
    for function in (operator.sub, set.difference):
        assert rule(function)(x, y)[1]({1.0: 5.0})[0] == {1.0: 5.0}
    assert rule(operator.and_)(x, {1.0, 4.0})[1](None) == (None, None)


def test_of_equal_elements_the_set_holds_the_one_that_python_left():
    one, other = 10.0**3, float("1000")
    for x, y in (({one}, {other, 5.0}), ({one, 5.0}, {other})):
        value, pullback = rule(operator.and_)(x, y)
        (element,) = value
        entries = pullback({element: 3.0})
        mine = 0 if any(element is e for e in x) else 1
        assert entries[mine] == {1000.0: 3.0} and entries[1 - mine] is None


def test_an_iterator_behaves_as_that_which_it_stands_for():
    for plain, ours in ((zip(L, T), rule(zip)(L, T)[0]), (reversed(L), rule(reversed)(L)[0]),
                        (enumerate(L), rule(enumerate)(L)[0])):
        assert next(ours) == next(plain) and iter(ours) is ours
        assert list(ours) == list(plain) and list(ours) == []
        with pytest.raises(TypeError):
            len(ours)


def test_the_values_of_a_dict_are_a_view_of_it():
    d = {"a": 1.0}
    values = rule(dict.values)(d)[0]
    d["b"] = 2.0
    assert list(values) == [1.0, 2.0] and len(values) == 2 and 2.0 in values
    assert list(reversed(values)) == [2.0, 1.0]
    with pytest.raises(UnsupportedError, match="changed before.*Instead, "):
        rule(sum)(values)
    values = rule(dict.values)(d)[0]
    assert rule(sum)(values)[0] == rule(sum)(values)[0] == 3.0


def test_what_was_drawn_from_is_refused_a_second_time():
    for draw in (next, list, lambda z: rule(list)(z)):
        z = rule(zip)(L, T)[0]
        draw(z)
        with pytest.raises(UnsupportedError, match="more than once.*Instead, "):
            rule(list)(z)


def test_sources_that_change_before_they_are_drawn_from_are_refused():
    for change in (lambda x: x.append(1.0), list.reverse, lambda x: x.__setitem__(0, 9.0)):
        x = list(L)
        z = rule(enumerate)(x)[0]
        change(x)
        with pytest.raises(UnsupportedError, match="changed before.*Instead, "):
            rule(tuple)(z)
    a = V.copy()
    z = rule(zip)(a, a)[0]
    a[0] = 7.0
    with pytest.raises(UnsupportedError, match="changed before.*Instead, "):
        rule(list)(z)


def test_elements_are_handed_on_and_not_copied():
    a = np.ones(2)
    assert rule(list)([a])[0][0] is a and rule(zip)([a], [a])[0].items[0][1] is a
    assert rule(dict.get)({"a": a}, "a")[0] is a and rule(sorted)([a])[0][0] is a
    assert rule(dict)({"a": a})[0]["a"] is a and rule(max)([a])[0] is a
    assert rule(ops.unpack)([a, a], 2, None)[0][1] is a
    assert rule(operator.add)([a], [a])[0][1] is a


def test_a_list_with_an_iteration_of_its_own_is_not_taken_for_a_list():
    class Doubled(list):
        def __iter__(self):
            return iter([2.0 * x for x in super().__iter__()])

    with pytest.raises(UnsupportedError, match="Instead, "):
        rule(sum)(Doubled([1.0]))


def test_what_sets_a_default_is_copied_with_it():
    d = defaultdict(float, a=1.0)
    value, pullback = rule(defaultdict.copy)(d)
    assert value["b"] == 0.0 and pullback({"a": 2.0}) == {"a": 2.0}
    assert isinstance(rule(zip)([1.0], [2.0])[0], Walk)


@pytest.mark.parametrize("function", [values.sequence, values.undisturbed])
def test_a_loop_runs_over_views_of_a_dict_only_where_nothing_in_them_is_active(function):
    rule = registry.find(function).function
    for view in ({"a": 1.0}.keys(), {"a": 1, "b": "c"}.values(), {1: "a"}.items()):
        assert rule(view)[0] == list(view)
    for view in ({1.0: "a"}.keys(), {"a": 1.0}.values(), {"a": [np.ones(2)]}.items()):
        with pytest.raises(UnsupportedError, match="of unknown origin"):
            rule(view)


@pytest.mark.parametrize("function", [values.sequence, values.undisturbed])
def test_a_loop_hands_cotangents_back_in_the_structure_of_what_it_runs_over(function):
    rule = registry.find(function).function
    _, pullback = rule({2.0})
    assert pullback([3.0]) == {2.0: 3.0}
    slots = {1: 5.0}
    _, pullback = rule([2.0, 4.0])
    assert pullback(slots) is slots


def test_walks_backwards_over_arrays_and_tuples_are_listed_forwards_too():
    x, along = np.array([0.3, 0.5, 0.9]), np.array([1.0, 2.0, 4.0])
    weights = np.array([1.0, 10.0, 100.0])
    _, dot = sd.jvp(lambda x: np.sum(np.array(list(reversed(x))) * weights), (x,), (along,))
    assert dot == 124.0
    assert sd.jvp(lambda a: tuple(reversed((a * a, 1, a)))[2], (3.0,), (1.0,)) == (9.0, 6.0)
