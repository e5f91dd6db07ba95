"""In-place operators, `out=`, `ufunc.at` and what copies into arrays, against differences."""

import operator

import numpy as np
import pytest

from s2sdiff import registry
from s2sdiff.errors import RuleError, UnsupportedError
from s2sdiff.scoped_rules import derivatives
from tests.rules.test_writes_arrays import draw, grid, mask, strided
from tests.rules.writes import check_write


def overlap(target, read, source=draw):
    """`a op= a[read]`"""
    def make():
        a = source()
        return a, a[read]

    return target, make


INPLACE = [
    *[(f, lambda a=a, b=b: (a(), b() if callable(b) else b))
      for f in (operator.iadd, operator.isub, operator.imul, operator.itruediv, operator.imod,
                operator.ipow)
      for a, b in ((draw, lambda: draw(seed=9)), (draw, 0.7), (draw, 2), (draw, np.float64(0.7)),
                   (draw, lambda: draw((1,), seed=9)), (draw, lambda: draw((), seed=9)),
                   (grid, lambda: draw((4,), seed=9)), (strided, lambda: draw((3, 1), seed=9)),
                   (lambda: draw(()), 0.7), (lambda: draw((0, 3)), 0.7))],
    *[(f, lambda b=b: (draw(kind=complex), b()))
      for f in (operator.iadd, operator.isub, operator.imul, operator.itruediv)
      for b in (lambda: 0.7, lambda: draw(seed=9), lambda: draw(kind=complex, seed=9), lambda: 1j)],
    *[(f, lambda: (draw((2,)), [0.7, 0.8])) for f in (
        operator.iadd, operator.imul, operator.itruediv, operator.ipow)],
    (operator.imatmul, lambda: (draw((2, 2)), draw((2, 2), seed=9))),
    (operator.imatmul, lambda: (draw((3, 2)), draw((2, 2), seed=9))),
    (operator.ifloordiv, lambda: (draw() + 0.25, 3.1)), (operator.iadd, lambda: (np.arange(3), 2)),
    (operator.imul, lambda: (np.arange(3), 2)), (np.ndarray.__imul__, lambda: (draw(), 0.7)),
    (np.ndarray.__iadd__, lambda: (draw(), draw(seed=9))),
    *[overlap(f, i) for f in (operator.iadd, operator.isub, operator.imul, operator.itruediv)
      for i in (slice(None, None, -1), slice(None), slice(0, 1))],
]
COPIES = [
    *[(np.copyto, lambda v=v: (grid(), v())) for v in (
        lambda: 2.0, lambda: draw((4,)), lambda: draw((3, 4), seed=9), lambda: draw((1, 3, 4)),
        lambda: draw((3, 1)), lambda: [1.0, 2.0, 3.0, 4.0], lambda: np.arange(4))],
    *[(np.copyto, lambda w=w: ((grid(), draw((4,))), {"where": w()}))
      for w in (lambda: mask(), lambda: grid() > 1.0, lambda: False, lambda: np.array(True),
                lambda: [[True], [False], [True]])],
    (np.copyto, lambda: (strided(), draw((4,)))),
    (np.copyto, lambda: (lambda a: (a, a[::-1]))(draw())),
    (np.copyto, lambda: (draw(kind=complex), draw())),
    *[(np.put, lambda i=i, v=v, a=a: (a(), list(i), v() if callable(v) else v))
      for a in (grid, strided)
      for i, v in (((0, 5), lambda: draw((2,))), ((0, -1), 2.0), ((0, 5, 0), lambda: draw((3,))),
                   ((0, 1, 2), lambda: draw((2,))), ((0,), lambda: draw((3,))), ((), 2.0))],
    (np.put, lambda: ((grid(), [-13, 40, 3], draw((3,))), {"mode": "wrap"})),
    (np.put, lambda: ((grid(), [-13, 40, 3], draw((3,))), {"mode": "clip"})),
    *[(np.put, lambda a=a: (a(), [0, 1], [])) for a in (grid, draw)],
    (np.put, lambda: (draw(), 1, 2.0)), (np.ndarray.put, lambda: (draw(), [1, 1], [2.0, 3.0])),
    *[(f, lambda v=v: (grid(), grid() > 1.0, v())) for f in (np.place, np.putmask)
      for v in (lambda: 2.0, lambda: draw((2,)), lambda: draw((12,)), lambda: [1.0, 2.0, 3.0])],
    (np.putmask, lambda: (strided(), strided() > 1.0, draw((5,)))),
    (np.place, lambda: (draw(), [0, 0, 0, 0], [])),
    (np.put_along_axis, lambda: (grid(), np.array([[1, 0, 1, 2]]), draw((1, 4)), 0)),
    (np.put_along_axis, lambda: (grid(), np.array([[1], [0], [2]]), 2.0, 1)),
    (np.put_along_axis, lambda: (grid(), np.array([[1, 1], [0, 3], [2, 2]]), draw((3, 2)), -1)),
    (np.put_along_axis, lambda: (grid(), np.array([1, 5, 1]), draw((3,)), None)),
    *[(np.fill_diagonal, lambda v=v, s=s: (draw(s), v()))
      for s in ((3, 3), (5, 3), (3, 5), (2, 2, 2))
      for v in (lambda: 2.0, lambda: draw((2,)), lambda: draw((7,)), lambda: [1.0, 2.0])],
    (np.fill_diagonal, lambda: ((draw((7, 3)), draw((4,))), {"wrap": True})),
]
AT = [
    *[(f.at, lambda i=i, b=b: (draw(), i() if callable(i) else i, b() if callable(b) else b))
      for f in (np.add, np.subtract, np.multiply, np.divide, np.maximum, np.minimum, np.power)
      for i, b in ((1, 0.7), (slice(0, 2), lambda: draw((2,), seed=9)), (lambda: [0, 2, 0], 0.7),
                   (lambda: [0, 2, 0], lambda: draw((3,), seed=9)),
                   (lambda: np.array([[0, 0], [1, 0]]), lambda: draw((2, 1), seed=9)),
                   (lambda: mask(), lambda: draw((3,), seed=9)), (lambda: [], 0.7))],
    *[(f.at, lambda: (grid(), ([0, 1, 0], [1, 1, 1]), draw((3,), seed=9)))
      for f in (np.add, np.multiply)],
    (np.add.at, lambda: (grid(), [0, 2, 0], draw((4,), seed=9))),
    (np.multiply.at, lambda: (strided(), [0, 2, 0], draw((4,), seed=9))),
    (np.multiply.at, lambda: (draw(kind=complex), [0, 2, 0], draw((3,), complex, 9))),
    (np.negative.at, lambda: (draw(), [0, 1, 0])), (np.sqrt.at, lambda: (draw(), [0, 1, 0])),
    (np.add.at, lambda: (np.arange(3), [0, 0], 1)),
    (np.multiply.at, lambda: (np.arange(3), [0], 2)),
    (np.add.at, lambda: (lambda a: (a, [0, 0], a[1:3]))(draw())),
    (np.multiply.at, lambda: (lambda a: (a, [0, 0], a[1:3]))(draw())),
]


CASES = INPLACE + COPIES + AT


@pytest.mark.parametrize("case", range(len(CASES)), ids=lambda i: f"{CASES[i][0].__name__}-{i}")
def test_what_writes_into_an_array_agrees_with_differences(case):
    check_write(*CASES[case])


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_not_finite_keeps_nothing_else_from_being_written_at_places(value):
    factors, bars = np.array([2.0, 3.0, 5.0]), []
    for v in (1.0, value):
        _, pullback = registry.find(np.multiply.at).function(
            np.array([0.7, v, 0.3]), [0, 2, 0], factors)
        a_bar = np.array([1.0, 10.0, 100.0])
        bars.append((a_bar, pullback(None, a_bar)[2]))
    np.testing.assert_array_equal(bars[1][0], [10.0, 10.0, 300.0])
    np.testing.assert_array_equal(bars[0][1], bars[1][1])


OUT = [
    (np.add, lambda: ((draw(), draw(seed=9)), {"out": draw(seed=5)})),
    (np.add, lambda: (draw(), draw(seed=9), draw(seed=5))),
    (np.add, lambda: ((draw(), draw(seed=9)), {"out": (draw(seed=5),)})),
    (np.multiply, lambda: ((draw((4,)), 0.7), {"out": grid()})),
    (np.multiply, lambda: ((draw((4,)), [1.0, 2.0, 3.0, 4.0]), {"out": grid()})),
    (np.multiply, lambda: (lambda a: ((a, a[::-1]), {"out": a}))(draw())),
    (np.divide, lambda: (lambda a: ((1.0, a), {"out": a}))(draw())),
    (np.sin, lambda: (draw(), draw(seed=5))), (np.exp, lambda: ((draw(),), {"out": draw(seed=5)})),
    (np.exp, lambda: ((draw(),), {"out": draw((4,), complex)})),
    (np.maximum, lambda: ((draw(), 1.0), {"out": strided()[0]})),
    (np.divide, lambda: ((draw(), np.array([0.0, 1.0, 2.0, 3.0])),
                         {"out": draw(seed=5), "where": np.array([False, True, True, True])})),
    (np.sqrt, lambda: ((draw(),), {"out": grid(), "where": grid() > 1.0})),
    (np.add, lambda: ((draw(), 1.0), {"out": draw(seed=5), "where": False})),
    (np.matmul, lambda: ((draw((2, 3)), draw((3, 2))), {"out": draw((2, 2))})),
    (np.dot, lambda: ((draw((2, 3)), draw((3,))), {"out": draw((2,))})),
    (np.dot, lambda: (draw((2, 3)), draw((3,)), draw((2,)))),
    (np.sum, lambda: ((grid(),), {"axis": 0, "out": draw()})),
    (np.sum, lambda: (grid(), 0, None, draw())),
    (np.mean, lambda: ((grid(),), {"axis": 1, "out": draw((3,))})),
    (np.ndarray.sum, lambda: ((grid(), 1), {"out": draw((3,))})),
    (np.sum, lambda: ((grid(),), {"out": draw(())})),
    (np.cumsum, lambda: ((draw(),), {"out": draw(seed=5)})),
    (np.cumsum, lambda: (lambda a: ((a,), {"out": a}))(draw())),
    (np.ndarray.cumsum, lambda: ((grid(), 1), {"out": grid()})),
    (np.clip, lambda: ((draw(), 0.7, 1.5), {"out": draw(seed=5)})),
    (np.clip, lambda: (lambda a: (a, 0.7, 1.5, a))(draw())),
    (np.ndarray.clip, lambda: (lambda a: ((a, 0.7), {"out": a}))(draw())),
    (np.max, lambda: ((grid(),), {"axis": 1, "out": draw((3,))})),
    (np.take, lambda: ((draw(), [1, 1]), {"out": draw((2,))})),
    (np.concatenate, lambda: (([draw((2,)), draw((1,))],), {"out": draw((3,))})),
    (np.stack, lambda: (((draw((2,)), draw((2,))),), {"out": draw((2, 2))})),
    (np.einsum, lambda: (("ij,j->i", draw((2, 3)), draw((3,))), {"out": draw((2,))})),
    (np.outer, lambda: ((draw((2,)), draw((3,))), {"out": draw((2, 3))})),
    (np.add.reduce, lambda: ((grid(),), {"out": draw((4,))})),
    (np.mean, lambda: ((grid(),), {"axis": 1, "out": draw((3, 1)), "keepdims": True})),
    (np.std, lambda: (grid(), 1, None, draw((3, 1)), 1, True)),
    (np.floor, lambda: ((draw(),), {"out": draw(seed=5)})),
    (np.ldexp, lambda: ((draw(), np.array([1, 2, 0, 3])), {"out": draw(seed=5)})),
    (np.ldexp, lambda: ((draw(), np.array([1, 2, 0, 3])), {"out": draw(seed=5), "where": [
        True, False, True, True]})),
    (np.nextafter, lambda: ((draw(), 9.0), {"out": draw(seed=5)})),
    *[(f, lambda: ((grid(),), {"axis": 1, "out": np.zeros(3, int)}))
      for f in (np.argmax, np.ndarray.argmax, np.argmin)],
    *[(f, lambda: ((grid() > 1.0,), {"axis": 0, "out": np.zeros(4, bool)}))
      for f in (np.any, np.ndarray.all)],
    (np.add, lambda: ((np.arange(4), 2), {"out": np.arange(4)})),
    (np.add, lambda: ((np.arange(4), 2), {"out": draw()})),
    (np.add, lambda: ((np.arange(4), 2), {"out": draw(), "where": draw() > 0.8})),
    (np.add, lambda: ((np.arange(4), 2), {"out": grid()})),
    (np.cumsum, lambda: ((np.arange(4),), {"out": draw()})),
    (np.greater, lambda: ((draw(), 0.8), {"out": draw(), "casting": "unsafe"})),
    (np.nan_to_num, lambda: (np.arange(3), False)),
    (np.nan_to_num, lambda: ((draw(),), {"copy": False})),
    (np.nan_to_num, lambda: (np.array([1.0, np.nan, np.inf]), False, 2, 3)),
]


@pytest.mark.parametrize("case", range(len(OUT)), ids=lambda i: f"{OUT[i][0].__name__}-{i}")
def test_a_result_written_into_out_agrees_with_differences(case):
    check_write(*OUT[case], mode="out")


def test_several_results_go_into_several_arrays():
    rule = registry.find(np.divmod, "out")
    x, y, q, r = draw(), 0.3, draw(), draw()
    value, pullback = rule.function(x, y, out=(q, r))
    assert value[0] is q and value[1] is r and np.array_equal(r, np.divmod(x, y)[1])
    q_bar, r_bar = np.ones(4), np.arange(1.0, 5.0)
    entries = pullback(None, (q_bar, r_bar))
    assert np.array_equal(entries[0], np.arange(1.0, 5.0)) and not q_bar.any() and not r_bar.any()
    assert np.isclose(entries[1], -np.sum(np.arange(1.0, 5.0) * (draw() // 0.3)))


@pytest.mark.parametrize(("target", "args", "kwargs"), [
    (np.add, (1.5, 2.5), {"out": np.zeros((), int), "casting": "unsafe"}),
    (np.sum, (draw(),), {"out": np.zeros((), int)}),
    (np.einsum, ("ij,j->i", draw((2, 3)), draw((3,))), {"out": draw((2,)), "casting": "safe"}),
])
def test_a_result_that_out_would_round_or_cast_is_refused(target, args, kwargs):
    with pytest.raises((UnsupportedError, TypeError), match="round|cast"):
        registry.find(target, "out").function(*args, **kwargs)


@pytest.mark.parametrize("known", [0, 1])
def test_one_result_of_several_may_have_no_cotangent(known):
    x, y, q, r = draw(), 0.3, draw(), draw()
    _, pullback = registry.find(np.divmod, "out").function(x, y, out=(q, r))
    bars: list = [None, None]
    bars[known] = np.arange(1.0, 5.0)
    x_bar, y_bar, *_ = pullback(None, tuple(bars))
    np.testing.assert_array_equal(x_bar, np.arange(1.0, 5.0) if known else np.zeros(4))
    assert np.isclose(y_bar, -np.sum(np.arange(1.0, 5.0) * (draw() // 0.3)) if known else 0.0)


def test_a_share_that_is_not_known_stays_so():
    with derivatives({np.hypot: lambda x, y: (np.hypot(x, y), lambda g: (
            NotImplemented, g))}):
        for options in ({}, {"where": np.array([True, False, True, True])}):
            _, pullback = registry.find(np.hypot, "out").function(
                draw(), draw(seed=9), out=draw(), **options)
            assert pullback(None, np.ones(4))[0] is NotImplemented


@pytest.mark.parametrize("target", [np.ndarray.tobytes, np.ndarray.tolist, np.shape, len, np.iinfo])
def test_what_takes_no_out_has_no_rule_with_it(target):
    assert registry.find(target, "out") is None


def test_a_derivative_of_the_users_own_serves_calls_with_out():
    with derivatives({np.sin: lambda x: (np.sin(x), lambda y_bar: 3.0 * y_bar)}):
        x, out = draw(), draw(seed=5)
        _, pullback = registry.find(np.sin, "out").function(x, out=out)
        assert pullback(None, np.ones(4))[0].tolist() == [3.0] * 4


def test_a_derivative_of_the_users_own_that_gives_another_shape_is_refused_in_place_too():
    with derivatives({operator.mul: lambda x, y: (x * y, lambda g: (np.ones(1), None))}):
        _, pullback = registry.find(operator.imul).function(draw(), 2.0)
        with pytest.raises(RuleError, match="of shape"):
            pullback(None, np.ones(4))


def test_shuffling_draws_what_numpy_draws():
    for make in (lambda: draw((7,)), lambda: draw((7, 2)), lambda: draw((7,)).tolist()):
        for target, state in ((np.random.shuffle, ()), (np.random.RandomState.shuffle,
                              (np.random.RandomState(3),)),
                              (np.random.Generator.shuffle, (np.random.default_rng(3),))):
            plain, ours = make(), make()
            again = tuple(type(s)(3) if isinstance(s, np.random.RandomState)
                          else np.random.default_rng(3) for s in state)
            np.random.seed(3)
            target(*state, plain)
            np.random.seed(3)
            _, pullback = registry.find(target).function(*again, ours)
            assert np.array_equal(ours, plain)
            if isinstance(ours, list):
                pullback(None, slots := dict(enumerate(ours)))
                assert [slots[i] for i in range(7)] == make()
            else:
                pullback(None, ours)
                assert np.array_equal(ours, make())
