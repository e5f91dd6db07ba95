"""The hand-written adjoints of the benchmarks are right, and s2sdiff agrees with them."""

import numpy as np
import pytest

import s2sdiff as sd
from benchmarks import run
from benchmarks.problems import PROBLEMS
from benchmarks.tree import arguments, lines_of_tree, make_tree

NAMES = [problem.name for problem in PROBLEMS]


def as_tuple(problem, gradient):
    return gradient if isinstance(problem.wrt, tuple) else (gradient,)


def difference_along(problem, arguments, directions, step=1e-6):
    """The central difference of the primal along a direction in the arguments of `wrt`."""
    indices = problem.wrt if isinstance(problem.wrt, tuple) else (problem.wrt,)

    def moved(length):
        shifted = list(arguments)
        for i, direction in zip(indices, directions):
            shifted[i] = shifted[i] + length * direction
        return problem.primal(*shifted)

    return (moved(step) - moved(-step)) / (2 * step)


def directions_for(problem, arguments):
    generator = np.random.default_rng(7)
    indices = problem.wrt if isinstance(problem.wrt, tuple) else (problem.wrt,)
    for i in indices:
        shape = np.shape(arguments[i])
        # Each argument on its own, so that one that is wrong cannot hide behind the others.
        yield [
            generator.normal(size=shape or None) if i == j else np.zeros(np.shape(arguments[j]))
            for j in indices
        ]


@pytest.mark.parametrize("problem", PROBLEMS, ids=NAMES)
def test_the_hand_written_adjoint_agrees_with_finite_differences(problem):
    arguments = problem.inputs(problem.sizes[0])
    gradient = as_tuple(problem, problem.hand(*arguments))
    for directions in directions_for(problem, arguments):
        expected = difference_along(problem, arguments, directions)
        found = sum(np.sum(g * d) for g, d in zip(gradient, directions))
        np.testing.assert_allclose(found, expected, rtol=2e-6, atol=1e-6)


@pytest.mark.parametrize("problem", PROBLEMS, ids=NAMES)
def test_the_hand_written_adjoint_leaves_its_arguments_alone(problem):
    arguments = problem.inputs(problem.sizes[0])
    problem.hand(*arguments)
    for after, before in zip(arguments, problem.inputs(problem.sizes[0])):
        np.testing.assert_array_equal(after, before)


@pytest.mark.parametrize("problem", PROBLEMS, ids=NAMES)
def test_s2sdiff_agrees_with_the_hand_written_adjoint(problem):
    arguments = problem.inputs(problem.sizes[0])
    expected = as_tuple(problem, problem.hand(*arguments))
    found = as_tuple(problem, sd.grad(problem.primal, wrt=problem.wrt)(*arguments))
    for theirs, ours in zip(expected, found):
        np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-12)


def test_the_table_of_a_quick_run_has_a_row_for_each_size(capsys):
    run.main(["--quick", "--no-peers", "newton"])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in lines if line.startswith("newton ")] == ["2", "1000000"]


def test_an_unknown_problem_is_refused_with_the_names_of_those_there_are(capsys):
    with pytest.raises(SystemExit):
        run.main(["no-such-problem"])
    assert "scalar loop" in capsys.readouterr().err


def test_the_call_tree_whose_first_call_is_measured_has_a_right_derivative():
    root, (x, w, b, speed, size) = make_tree("<tested tree>"), arguments()
    assert 1400 < lines_of_tree(root) < 1600
    value, pullback = sd.vjp(root, x, w, b, speed, size)
    np.testing.assert_allclose(value, root(x, w, b, speed, size), rtol=1e-14)
    found, step = pullback(1.0), 1e-6
    slope = (root(x, w, b, speed + step, size) - root(x, w, b, speed - step, size)) / (2 * step)
    np.testing.assert_allclose(found[3], slope, rtol=1e-6)
    moved = np.cos(np.arange(6.0)).reshape(2, 3)
    slope = (root(x + step * moved, w, b, speed, size)
             - root(x - step * moved, w, b, speed, size)) / (2 * step)
    np.testing.assert_allclose(np.sum(found[0] * moved), slope, rtol=1e-6)
