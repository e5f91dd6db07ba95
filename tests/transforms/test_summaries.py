"""What a call may write and give back, by parameter: never less than what it does."""

import numpy as np
import pytest

from s2sdiff.runtime import suspects
from s2sdiff.transforms import effects, effects_of_bodies, summaries
from s2sdiff.transforms.alias_classes import PartOf
from tests.transforms.programs import agrees
from tests.transforms.sharing import Box, changed, covers, really_share, summary
from tests.transforms.writing import (
    OF_ARRAYS,
    an_element,
    by_a_helper,
    by_a_helper_in_other_order,
    by_a_helper_of_a_helper,
    by_a_helper_on_its_own,
    by_a_nested_function,
    by_keyword,
    identity,
    in_a_branch,
    in_a_loop,
    in_a_while,
    in_place,
    its_own_copy,
    its_own_list,
    nothing,
    only_its_own,
    rebinds_its_parameter,
    through_a_view,
)

#: What writes neither of the two.
QUIET = [nothing, only_its_own, its_own_copy, its_own_list, rebinds_its_parameter,
         by_a_helper_on_its_own]
#: What writes one of the two, and must not be suspected of writing the other.
PRECISE = {an_element: "a", in_place: "a", through_a_view: "a", in_a_branch: "a", in_a_loop: "a",
           by_a_helper: "a", by_a_helper_in_other_order: "b", by_a_helper_of_a_helper: "b",
           by_keyword: "b", by_a_nested_function: "a",
           in_a_while: "b"}


@pytest.mark.parametrize("f", OF_ARRAYS, ids=lambda f: f.__name__)
def test_what_a_call_changes_is_among_what_it_may_write(f):
    a, b = (x.copy() for x in OF_ARRAYS[f])
    done = changed(f, {"a": a, "b": b})
    assert covers(summary(f), done), (summary(f), done)
    assert (done == set()) is (f in QUIET)


@pytest.mark.parametrize("f", [nothing, only_its_own, rebinds_its_parameter,
                               by_a_helper_on_its_own], ids=lambda f: f.__name__)
def test_what_writes_only_its_own_writes_nothing(f):
    assert summary(f) == set()


@pytest.mark.parametrize("f", PRECISE, ids=lambda f: f.__name__)
def test_what_writes_one_parameter_leaves_the_other_alone(f):
    assert summary(f) == {PRECISE[f]}


@pytest.mark.parametrize("f", OF_ARRAYS, ids=lambda f: f.__name__)
def test_what_a_callee_writes_is_differentiated_in_its_caller(f):
    def caller(a, b):
        a, b = a * 1.0, b * 2.0
        f(a, b)
        return np.sum(a * [1.0, 2.0, 3.0]) + np.sum(a * b * b)

    agrees(caller, *OF_ARRAYS[f])


# --------------------------------------------------------------------------------- results


def new(a, b):
    for _ in range(1):
        c = a + b
    return c


def the_first(a, b):
    return a


def a_view(a, b):
    return b[1:]


def either(a, b):
    return a if a[0] > 10.0 else b


def in_a_result(a, b):
    return {"w": [a]}


def in_an_object(a, b):
    return Box(b)


def a_helpers(a, b):
    return identity(b)


def captured(a, b):
    return lambda: a


def after_a_loop(a, b):
    for _ in range(3):
        a, b = b, a
    return a


def the_output(a, b):
    return np.add(a, 1.0, out=b)


RESULTS = [new, the_first, a_view, either, in_a_result, in_an_object, a_helpers, captured,
           after_a_loop, the_output]


@pytest.mark.parametrize("f", RESULTS, ids=lambda f: f.__name__)
def test_what_a_result_shows_is_among_what_it_may_be(f):
    a, b = np.array([3.0, 1.0, 2.0]), np.array([0.5, 2.5, 1.5])
    result = f(a, b)
    shown = {name for name, x in {"a": a, "b": b}.items() if really_share(result, x)}
    said = set(effects.returned(f))
    assert covers(said, shown), (said, shown)
    assert (shown == set()) is (f is new)


def test_a_new_result_is_nobodys():
    # Of two lists it would be a list of their items.
    assert effects.returned(new) <= {PartOf("a"), PartOf("b")}


# --------------------------------------------------------------------- what nobody knows of


@pytest.mark.parametrize("target", [
    np.histogram, np.unique, np.linalg.norm, np.allclose, len, isinstance, np.random.rand,
    np.zeros, sorted, print], ids=lambda f: f.__name__)
def test_functions_of_libraries_that_only_look_write_nothing(target):
    assert summary(target) == set()


@pytest.mark.parametrize("target", [
    np.copyto, np.put, np.fill_diagonal, np.random.shuffle, np.ndarray.sort, np.ndarray.fill,
    list.append, dict.update, setattr, np.add.at, list.sort],
    ids=lambda f: getattr(f, "__qualname__", ""))
def test_functions_of_libraries_that_write_are_known(target):
    assert summary(target) != set()


def _first(a, n):
    return _second(a, n - 1) if n else _innermost(a, n)


def _second(a, n):
    return _innermost(a, n) + _first(a, n - 1)


def _innermost(a, n):
    return _second(a, n - 1) if n > 3 else np.sum(a)


def looked_at(monkeypatch):
    """The functions that are looked at from now on."""
    found, original = [], summaries._found

    def counted(target, here, find):
        found.append(target)
        return original(target, here, find)

    monkeypatch.setattr(summaries, "_found", counted)
    return found


def test_functions_that_call_one_another_are_looked_at_once(monkeypatch):
    assert summary(_first) == set()
    found = looked_at(monkeypatch)
    for _ in range(3):
        assert [summary(f) for f in (_first, _second, _innermost)] == [set()] * 3
    # Those inside of the first's circle may be looked at for themselves, once.
    assert len(found) <= 4, found
    monkeypatch.setattr(effects_of_bodies, "_of_function", None)
    assert [summary(f) for f in (_first, _second, _innermost)] == [set()] * 3


def _total_of(items):
    total = 0.0
    for item in items:
        total = total + item
    return total


def _meets(monkeypatch, names):
    monkeypatch.setattr(suspects.state, "names", suspects.state.names | names)


def test_what_was_found_out_stays_when_a_class_is_met_that_plays_no_part(monkeypatch):
    _meets(monkeypatch, frozenset({"size"}))
    assert summary(_total_of) == set()
    found = looked_at(monkeypatch)
    _meets(monkeypatch, frozenset({"length"}))
    assert summary(_total_of) == set()
    assert found == []


@pytest.mark.parametrize("before", [frozenset(), frozenset({"size"})])
def test_a_class_that_is_met_later_may_write_where_something_is_walked(monkeypatch, before):
    _meets(monkeypatch, before)
    assert summary(_total_of) == set()
    _meets(monkeypatch, frozenset({"__iter__"}))
    assert "*" in summary(_total_of)
