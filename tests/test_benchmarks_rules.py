"""The table of single functions: the derivatives by hand are right, and ours agrees with them."""

import numpy as np
import pytest

import s2sdiff as sd
from benchmarks import rules
from benchmarks.measure import disagreement
from benchmarks.rules import CASES, contestants_of

by_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def gradients(case, arguments):
    found = case.hand(*arguments)
    return found if isinstance(case.wrt, tuple) else (found,)


def size_of(case):
    return min(case.sizes[0], 10)


@by_case
def test_the_derivative_by_hand_agrees_with_finite_differences(case):
    arguments = case.inputs(size_of(case))
    indices = case.wrt if isinstance(case.wrt, tuple) else (case.wrt,)
    generator, step = np.random.default_rng(3), 1e-6
    for i, gradient in zip(indices, gradients(case, arguments), strict=True):
        direction = generator.normal(size=np.shape(arguments[i]))
        if case.name == "linalg.cholesky":
            direction = direction + direction.T  # one triangle is read; the matrix stays symmetric
        values = [case.primal(*[a + s * step * direction if j == i else a
                                for j, a in enumerate(arguments)]) for s in (1, -1)]
        expected = (values[0] - values[1]) / (2 * step)
        np.testing.assert_allclose(np.sum(gradient * direction), expected, rtol=1e-5, atol=1e-6)


@by_case
def test_ours_agrees_with_the_derivative_by_hand(case):
    for size in (size_of(case), 3 * size_of(case)):
        assert disagreement(case, contestants_of(case, case.inputs(size))) is None


@by_case
def test_nobody_changes_the_arguments(case):
    arguments, kept = case.inputs(size_of(case)), case.inputs(size_of(case))
    for call in contestants_of(case, arguments).values():
        call()
    for after, before in zip(arguments, kept, strict=True):
        np.testing.assert_array_equal(after, before)


@by_case
def test_single_precision_stays_and_agrees(case):
    arguments = case.inputs(size_of(case))
    single = [a.astype(np.float32) if a.dtype == np.float64 else a for a in arguments]
    found = sd.grad(case.primal, wrt=case.wrt)(*single)
    found = found if isinstance(case.wrt, tuple) else (found,)
    for ours, theirs in zip(found, gradients(case, arguments), strict=True):
        assert ours.dtype == np.float32
        np.testing.assert_allclose(ours, theirs, rtol=2e-3, atol=2e-4)


@by_case
def test_no_gradient_is_memory_of_an_argument_or_of_another(case):
    arguments = case.inputs(size_of(case))
    found = sd.grad(case.primal, wrt=case.wrt)(*arguments)
    found = found if isinstance(case.wrt, tuple) else (found,)
    for i, g in enumerate(found):
        assert g.flags.writeable
        assert not any(np.shares_memory(g, a) for a in (*arguments, *found[:i]))


def test_there_are_forty_functions_at_a_small_and_at_a_large_size():
    assert len(CASES) >= 40
    assert len({case.name for case in CASES}) == len(CASES)
    assert all(len(case.sizes) == 2 for case in CASES)


def test_the_table_has_a_row_for_each_size_and_prints_the_text(capsys):
    rules.main(["--quick", "--text", "--sizes", "4", "--", "exp"])
    printed = capsys.readouterr().out
    assert [line.split()[1] for line in printed.splitlines() if line.startswith("exp ")] == ["4"]
    assert "w * np.exp(x)" in printed


def test_an_unknown_function_is_refused_with_the_names_of_those_there_are(capsys):
    with pytest.raises(SystemExit):
        rules.main(["no-such-function"])
    assert "logsumexp" in capsys.readouterr().err
