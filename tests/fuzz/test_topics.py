"""Random programs of every topic, in plain Python and compiled; what is promised of writes."""

from __future__ import annotations

import copy
import itertools

import numpy as np
import pytest

from tests.fuzz import standin, topics
from tests.fuzz.__main__ import wanted
from tests.fuzz.check import check
from tests.fuzz.generate import BASE, FEATURES, features_of, generate, load, main_of, unload
from tests.fuzz.given import built
from tests.fuzz.promises import run
from tests.fuzz.shrink import shrink, smallest
from tests.fuzz.test_fuzz import altered, engine, program, slightly_larger
from tests.fuzz.values import moved, same, sharing

PROGRAMS = 2


def made_of(topic, seed):
    return generate(seed, 12, BASE | topics.features(topic))


@pytest.mark.parametrize("topic", topics.TOPICS)
def test_random_programs_of_a_topic_are_differentiated_correctly_or_refused(topic):
    for seed in range(PROGRAMS):
        made = made_of(topic, seed)
        outcome = check(made)
        if outcome.kind in ("wrong", "crash"):
            pytest.fail(
                f"{outcome.report}\nshrunk:\n{smallest(made, outcome).report}", pytrace=False
            )


@pytest.mark.parametrize("topic", topics.TOPICS)
def test_exact_finite_differences_pass_on_programs_of_a_topic(topic):
    outcomes = [check(made_of(topic, seed), standin) for seed in range(100, 108)]
    assert not [o.report for o in outcomes if o.kind not in ("ok", "discarded")]
    assert sum(o.kind == "discarded" for o in outcomes) <= 1


@pytest.mark.parametrize("topic", topics.TOPICS)
def test_most_programs_of_a_topic_run_the_same_each_time(topic):
    raised = 0
    for seed in range(30):
        made = made_of(topic, seed)
        try:
            namespace = load(made)
        except SyntaxError:
            raised += 1
            continue
        ends = []
        for _ in range(2):
            args = built(namespace, made.args)
            ran = run(namespace, lambda args=args: main_of(namespace, made)(*args))
            ends.append((ran.value, args, type(ran.error), ran.effects))
            raised += ran.error is not None
        unload(namespace)
        assert same(ends[0], ends[1])
    # What managers let through leaves some programs, twice each, as does what is no number.
    assert raised <= {
        "managers": 16, "none at first": 12, "classes together": 12, "kinds on paths": 16,
    }.get(topic, 4)


def test_programs_of_topics_write_their_arguments_at_times():
    written = 0
    for seed in range(60):
        made = made_of("arrays_written", seed)
        namespace = load(made)
        args, kept = built(namespace, made.args), built(namespace, made.args)
        run(namespace, lambda: main_of(namespace, made)(*args))
        written += not same(args, kept)
        unload(namespace)
    assert written >= 20


def test_every_feature_of_every_topic_occurs():
    # Most occur where there is nothing but their topic; some need another one beside it.
    alone = [(seed, BASE | topics.features(t)) for t in topics.TOPICS for seed in range(40)]
    seen = set()
    for seed, features in itertools.chain(alone, zip(range(4000), itertools.repeat(FEATURES))):
        seen |= features_of(seed, 12, features) & topics.new()
        if seen == topics.new():
            break
    assert seen == topics.new()


def test_areas_are_chosen_by_topic_or_by_feature():
    assert wanted("", "") == FEATURES
    assert wanted("plain", "") == BASE
    assert wanted("views, del", "while") == (BASE | topics.features("views") | {"del"}) - {"while"}
    assert wanted("", "views").isdisjoint(topics.features("views"))
    with pytest.raises(SystemExit, match="viewz"):
        wanted("viewz", "")


WRITING = program("def main(a, x):\n    a[0] = x\n    return np.sum(a * a)\n",
                  np.array([0.5, -1.2]), 0.7)
GROWING = program("def main(values, x):\n    values.append(x * values[0])\n    return values\n",
                  [0.4, 0.9], 0.7)


def on_copies(f, *args):
    return standin.vjp(f, *copy.deepcopy(args))


def copied_value(f, *args):
    value, pullback = standin.vjp(f, *args)
    return copy.deepcopy(value), pullback


def reading_late(f, *args):
    """A pullback that reads the arguments when it is called, not when the call was made."""
    value, _ = standin.vjp(f, *args)
    return value, lambda g: standin.vjp(f, *copy.deepcopy(args))[1](g)


def as_it_is_left(f, *args):
    """The gradient's structure is that of the arguments after the call."""
    value, pullback = standin.vjp(f, *args)

    def pulled(g):
        entries, items = pullback(g), len(args[0])
        return (entries[0] + [0.0] * (items - len(entries[0])), *entries[1:])

    return value, pulled


def counting(calls=itertools.count(1)):
    def vjp(f, *args):
        n, (value, pullback) = next(calls), standin.vjp(f, *args)
        return value, lambda g: tuple(e * n for e in pullback(g))
    return vjp


@pytest.mark.parametrize(
    ("vjp", "given", "label"),
    [
        (on_copies, WRITING, "inputs changed"),
        (on_copies, GROWING, "inputs changed"),
        (copied_value, GROWING, "sharing"),
        (reading_late, WRITING, "pullback after the caller's writes"),
        (as_it_is_left, GROWING, "cotangent's structure"),
        (counting(), WRITING, "second vjp"),
        (altered(slightly_larger), WRITING, "gradient"),
        (standin.vjp, WRITING, ""),
        (standin.vjp, GROWING, ""),
    ],
)
def test_every_broken_promise_about_writes_is_named(vjp, given, label):
    outcome = check(given, engine(vjp=vjp))
    assert (outcome.kind, outcome.label) == ("wrong" if label else "ok", label)


def test_a_gradient_at_the_end_of_a_call_is_found_wrong():
    def after(f, *args):
        value, _ = standin.vjp(f, *args)
        kept = copy.deepcopy(args)
        return value, lambda g: standin.vjp(f, *copy.deepcopy(kept))[1](g)

    text = "def main(a):\n    a *= a\n    return np.sum(a)\n"
    outcome = check(program(text, np.array([0.5, -1.2])), engine(vjp=after))
    assert (outcome.kind, outcome.label) == ("wrong", "gradient")


def test_what_is_shared_stays_shared_in_a_moved_copy():
    a = np.array([1.0, 2.0])
    x, v = [a, [a], 3.0], [np.ones(2), [None], 1.0]
    found = moved(x, v, 0.5)
    assert found[0] is found[1][0] and found[0] is not a
    assert np.array_equal(found[0], [1.5, 2.5]) and found[2] == 3.5
    assert sharing(x) == sharing(found)


RAISING = '''
class Trouble(Exception):
    def __init__(self, x):
        self.x = x

class Cell:
    def __init__(self, x):
        self.x = x
    def step(self, y):
        self.x += y
        return self.x
    def other(self):
        return 0.5

def main(x, n, mode):
    cell = Cell(x)
    try:
        with np.errstate(all="ignore"):
            match mode:
                case "fast":
                    y = np.hypot(cell.step(x), 1.3)
                case _:
                    y = [0.5, x, 0.3][1]
        if n > 9:
            raise Trouble(y)
    except Trouble as error:
        y = error.x
    finally:
        x = 0.5 * x
    return y + x + {'p': x, 'q': 0.5}['p']
'''


def test_shrinking_goes_into_classes_handlers_cases_and_parameters():
    def calls_hypot(candidate):
        namespace = load(candidate)
        try:
            found = run(namespace, lambda: main_of(namespace, candidate)(*candidate.args))
        finally:
            unload(namespace)
        return found.error is None and "np.hypot" in candidate.text

    small = shrink(program(RAISING, 0.7, 3, "fast"), calls_hypot)
    assert len(small.text.splitlines()) <= 6
    assert len(small.args) == 1
