"""Iterators and views of dicts that a function hands to another one, which walks over them."""

import itertools

import numpy as np
import pytest

import s2sdiff as sd
from tests.slopes import check_both_modes


def product(items):
    y = 1.0
    for a in items:
        y = y * a + 0.1 * y
    return y


def of_pairs(pairs):
    y = 1.0
    for _, a in pairs:
        y = y * a + 0.1 * y
    return y


def noted(pairs, log):
    y = 1.0
    for _, a in pairs:
        log.append(a)
        y = y * a + 0.1 * y
    return y + log[0]


def nested(rows):
    return sum([i * a * b + a for i, (a, b) in rows])


def first(pairs):
    return next(iter(pairs))[1] ** 2


def neighbours(items):
    return zip(items, items[1:])


def written(d, items):
    for k, v in list(items):
        d[k] = v * d["a"]
    return d["a"] + 3.0 * d["c"]


class Holder:
    def __init__(self, pairs):
        self.pairs = pairs

    def result(self):
        return of_pairs(self.pairs)


def table(x):
    return {"a": x[0], "b": x[1], "c": x[0] * x[1]}


def both(x):
    d = table(x)
    return written(d, d.items())


CASES = {
    "enumerate": lambda x: of_pairs(enumerate(x)), "zip": lambda x: of_pairs(zip(x[1:], x)),
    "items": lambda x: of_pairs(table(x).items()), "values": lambda x: product(table(x).values()),
    "chain": lambda x: product(itertools.chain(x, x)),
    "pairwise": lambda x: of_pairs(itertools.pairwise(x)),
    "combinations": lambda x: of_pairs(itertools.combinations(x, 2)),
    "reversed": lambda x: product(reversed(x)), "islice": lambda x: product(itertools.islice(x, 2)),
    "starmap": lambda x: product(itertools.starmap(lambda a, b: a * b, zip(x, x))),
    "ndenumerate": lambda x: of_pairs(np.ndenumerate(x)), "dict": lambda x: of_pairs(
        dict(enumerate(x)).items()), "log": lambda x: noted(enumerate(x), []),
    "nested": lambda x: nested(enumerate(zip(x, x[::-1]))), "first": lambda x: first(enumerate(x)),
    "result": lambda x: of_pairs(neighbours(x)), "keyword": lambda x: of_pairs(pairs=enumerate(x)),
    "star": lambda x: of_pairs(*[enumerate(x)]), "object": lambda x: Holder(enumerate(x)).result(),
    "beside the dict": both, "keys": lambda x: of_pairs(zip(table(x).keys(), table(x).values())),
    "keys found by an object": lambda x: Holder(zip(table(x).keys(), x)).result(),
    "keys of keys": lambda x: of_pairs(dict(zip(table(x).keys(), table(x).values())).items()),
}


@pytest.mark.parametrize("kind", (list, np.array))
@pytest.mark.parametrize("name", CASES)
def test_what_a_helper_draws_has_its_derivative_in_both_modes(name, kind):
    def f(t):
        return CASES[name](kind([0.3 * t, t, 1.2 + t * t]))

    check_both_modes(f)
    x, step = kind([0.3, 0.7, 1.2]), [1.0, -0.5, 0.25]
    moved = [CASES[name](kind([v + h * d for v, d in zip(x, step, strict=True)]))
             for h in (1e-6, -1e-6)]
    expected = pytest.approx((moved[0] - moved[1]) / 2e-6, rel=1e-6)
    assert sd.jvp(CASES[name], (x,), (kind(step),))[1] == expected
    assert np.dot(sd.grad(CASES[name])(x), step) == expected


def test_numbered_elements_of_a_list_send_cotangents_back():
    def f(x):
        return sum([(i[0] + 1) * a * a for i, a in np.ndenumerate(x)])

    assert sd.grad(f)([0.5, 2.0]) == [1.0, 8.0]
    assert sd.jvp(f, ([0.5, 2.0],), ([1.0, 0.5],))[1] == 5.0


def changed_before_it_is_drawn(x):
    d = table(x)
    values = d.values()
    d["a"] = 3.0 * x[1]
    return product(values)


def test_a_view_of_what_was_written_before_it_is_handed_over_is_refused():
    for run in (lambda x: sd.grad(changed_before_it_is_drawn)(x),
                lambda x: sd.jvp(changed_before_it_is_drawn, (x,), ([1.0, 0.0],))):
        with pytest.raises(sd.DifferentiationError, match="Instead, make a list of it first"):
            run([0.3, 0.7])


class Nodes:
    def __init__(self, weight):
        self.weight = weight

    def __iter__(self):
        return iter(["a", "b"])


def test_keys_may_come_of_an_object_that_says_how_it_is_walked():
    def f(x):
        nodes = Nodes(x)
        shares = dict.fromkeys(nodes, x)
        for name in nodes:
            shares[name] *= nodes.weight
        return shares["a"] * shares["b"] + nodes.weight

    check_both_modes(f)
