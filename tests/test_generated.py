"""Generated code as text: kept in tests/generated, run as printed, measured against a person's.

`pytest --regenerate` writes the texts anew; read the difference before committing it.
"""

import ast
import inspect
import subprocess
import sys

import numpy as np
import pytest

from tests.generated.cases import CASES, RATIO, executed, golden, statements, text_of
from tests.generated.models import places

by_name = pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
by_mode = pytest.mark.parametrize("mode", ["vjp", "grad"])


def as_tuple(entries):
    return entries if isinstance(entries, tuple) else (entries,)


def flat(value, original=None):
    if isinstance(value, dict) and isinstance(original, list):
        # As generated code has them: by index, where there is something.
        value = [value.get(i, 0.0) for i in range(len(original))]
    if isinstance(value, dict):
        return np.concatenate([flat(x) for x in value.values()])
    return np.ravel(np.asarray(value, dtype=float))


def central_differences(case, arguments):
    """One array of partial derivatives per parameter in wrt."""
    names = list(inspect.signature(case.function).parameters)
    found = []
    for name in case.wrt:
        at = names.index(name)
        x = flat(arguments[at])
        slopes = np.zeros(x.size)
        for i in range(x.size):
            step = 1e-6 * max(abs(x[i]), 1e-3)
            values = []
            for sign in (1, -1):
                moved = x.copy()
                moved[i] += sign * step
                given = list(arguments)
                given[at] = like(moved, arguments[at])
                values.append(float(case.function(*given)))
            slopes[i] = (values[0] - values[1]) / (2 * step)
        found.append(slopes)
    return found


def like(values, original):
    if isinstance(original, dict):
        ends = np.cumsum([flat(x).size for x in original.values()])
        parts = np.split(values, ends[:-1])
        return {k: like(v, x) for (k, x), v in zip(original.items(), parts, strict=True)}
    if isinstance(original, np.ndarray):
        return values.reshape(original.shape)
    return values.tolist() if isinstance(original, list) else float(values[0])


def assert_gradients(case, arguments, entries):
    expected = central_differences(case, arguments)
    assert len(as_tuple(entries)) == len(expected)
    for entry, slopes, original in zip(as_tuple(entries), expected, asked(case, arguments),
                                       strict=True):
        np.testing.assert_allclose(flat(entry, original), slopes, rtol=2e-5, atol=2e-6)


def asked(case, arguments):
    """The arguments that the derivative is taken for."""
    names = list(inspect.signature(case.function).parameters)
    return [arguments[names.index(name)] for name in case.wrt]


@by_mode
@by_name
def test_the_text_is_the_one_that_is_kept(case, mode, regenerate):
    text = text_of(case, mode)
    if regenerate:
        golden(case, mode).write_text(text, "utf-8")
    assert text == golden(case, mode).read_text("utf-8")


@by_name
def test_a_kept_vjp_runs_as_printed(case):
    run = executed(case, "vjp", golden(case, "vjp").read_text("utf-8"))
    for arguments in case.arguments:
        value, pullback = run(*arguments)
        assert value == case.function(*arguments)
        assert_gradients(case, arguments, pullback(1.0))
        for once, twice, x in zip(as_tuple(pullback(1.0)), as_tuple(pullback(2.0)),
                                  asked(case, arguments), strict=True):
            np.testing.assert_allclose(flat(twice, x), 2.0 * flat(once, x), rtol=1e-12)


@by_name
def test_a_kept_gradient_runs_as_printed(case):
    run = executed(case, "grad", golden(case, "grad").read_text("utf-8"))
    for arguments in case.arguments:
        assert_gradients(case, arguments, run(*arguments))


@by_name
def test_the_gradient_written_by_hand_is_right(case):
    for arguments in case.arguments:
        assert_gradients(case, arguments, case.hand(*arguments))


@by_name
def test_a_gradient_takes_few_more_statements_than_by_hand(case):
    ours = statements(golden(case, "grad").read_text("utf-8"))
    by_hand = statements(inspect.getsource(case.hand))
    assert ours <= case.ratio * by_hand, f"{ours} statements, {by_hand} by hand"


@pytest.mark.parametrize("case", [c for c in CASES if c.hand_vjp], ids=lambda c: c.name)
def test_a_vjp_takes_few_more_statements_than_the_architecture_shows(case):
    for arguments in case.arguments:
        value, pullback = case.hand_vjp(*arguments)
        assert value == case.function(*arguments)
        assert_gradients(case, arguments, pullback(1.0))
    ours = statements(golden(case, "vjp").read_text("utf-8"))
    by_hand = statements(inspect.getsource(case.hand_vjp))
    assert ours <= RATIO * by_hand, f"{ours} statements, {by_hand} by hand"


@by_mode
@by_name
def test_nothing_is_added_to_a_zero(case, mode):
    tree = ast.parse(golden(case, mode).read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
            assert not is_zero(node.left), ast.unparse(node)
            assert not is_zero(node.right), ast.unparse(node)
        if isinstance(node, ast.AugAssign) and isinstance(node.op, (ast.Add, ast.Sub)):
            assert not is_zero(node.value), ast.unparse(node)


def is_zero(node):
    return isinstance(node, ast.Constant) and node.value == 0


@pytest.mark.parametrize("case", [c for c in CASES if c.function.__module__ != places.__name__],
                         ids=lambda c: c.name)
def test_a_gradient_of_what_nobody_writes_copies_nothing(case):
    assert "rt.copy(" not in golden(case, "grad").read_text("utf-8")


def test_another_process_prints_the_same_bytes():
    program = (
        "from tests.generated.cases import CASES, text_of\n"
        "print(*[text_of(c, m) for c in reversed(CASES) for m in ('grad', 'vjp')], sep='')"
    )
    printed = [
        subprocess.run([sys.executable, "-c", program], check=True, capture_output=True,
                       cwd=golden(CASES[0], "vjp").parents[2], env={"PYTHONHASHSEED": seed}).stdout
        for seed in ("1", "2")
    ]
    assert printed[0] == printed[1]
    kept = [golden(c, m).read_text("utf-8") for c in reversed(CASES) for m in ("grad", "vjp")]
    assert printed[0].decode() == "".join(kept) + "\n"
