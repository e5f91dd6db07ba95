"""Every error that leaves a public operator has its place, and none of the compiler's frames."""

import importlib.util
import inspect
import linecache
import pickle
import re
import signal
import sys
import traceback
import warnings

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import compiler, errors
from tests.refused import REFUSED, a_key_that_is_an_active_number, place_of, unknown_ufunc

pytestmark = pytest.mark.filterwarnings("ignore:the matrix subclass")
PACKAGE = inspect.getsourcefile(sd).removesuffix("__init__.py")


def line_here(function, marker="# here"):
    lines, first = inspect.getsourcelines(function)
    (at,) = [k for k, line in enumerate(lines) if line.rstrip().endswith(marker)]
    return first + at


def refused(call, *args, cls=sd.DifferentiationError):
    with pytest.raises(cls) as caught:
        call(*args)
    return caught.value


def assert_placed(error, file, line):
    """The place in `loc` is the one that the message shows."""
    assert (error.loc.file, error.loc.line) == (file, line)
    assert str(error).startswith(f"{file}:{line}:{error.loc.column + 1}")
    assert re.search(r"Instead, .+\.$", str(error))


def assert_short(error):
    """The traceback: the caller, one frame of the operator, generated code."""
    files = [frame.filename for frame in traceback.extract_tb(error.__traceback__)]
    assert files[0] == __file__
    assert sum(file.startswith(PACKAGE) for file in files) <= 1, files
    assert error.__suppress_context__ or error.__context__ is None


# ---------------------------------------------------------------------- places and tracebacks


@pytest.mark.parametrize("f", REFUSED, ids=lambda f: f.__name__)
def test_a_refusal_says_its_place_and_shows_no_frame_of_the_compiler(f):
    line, column, _ = place_of(f)
    for call in (sd.grad(f), lambda x: sd.vjp(f, x)[1](1.0), sd.value_and_grad(f)):
        error = refused(call, 1.5)
        assert_placed(error, inspect.getsourcefile(f), line)
        assert error.loc.column == column - 1
        assert error.loc.function
        assert_short(error)


def test_a_refusal_on_the_way_back_has_the_place_of_the_call():
    def triple(x):
        return x * 3.0

    @sd.derivative(of=triple)
    def triple_derivative(x):
        for _ in range(1):
            value = x * 3.0
        return value, lambda v: (v, v, v)

    def f(x, y):
        z = x * y
        return triple(z) + y  # here

    error = refused(sd.grad(f), 2.0, 3.0, cls=sd.RuleError)
    assert_placed(error, __file__, line_here(f))
    assert_short(error)
    _, pullback = sd.vjp(f, 2.0, 3.0)
    error = refused(pullback, 1.0, cls=sd.RuleError)
    assert_placed(error, __file__, line_here(f))
    assert_short(error)


def test_a_derivative_that_is_not_known_is_refused_at_the_call():
    def scaled(x, k):
        return x * k

    @sd.derivative(of=scaled)
    def scaled_derivative(x, k):
        return x * k, lambda v: (v * k, NotImplemented)

    def f(x, k):
        return scaled(x, k) * 2.0  # here

    assert sd.grad(f)(3.0, 4.0) == 8.0
    error = refused(sd.grad(f, wrt="k"), 3.0, 4.0, cls=sd.MissingDerivativeError)
    assert_placed(error, __file__, line_here(f))


def test_an_error_that_a_users_rule_raises_gets_a_place():
    def half(x):
        return x / 2.0

    @sd.derivative(of=half)
    def half_derivative(x):
        raise sd.UnsupportedError("not today. Instead, come back tomorrow.")

    def f(x):
        return half(x) + 1.0  # here

    error = refused(sd.grad(f), 1.0)
    assert_placed(error, __file__, line_here(f))
    assert "half_derivative" in [t.name for t in traceback.extract_tb(error.__traceback__)]


def test_where_no_generated_code_runs_the_place_is_that_of_the_call():
    space = {}
    exec("def made(x):\n    return x * x\n", space)

    def calls():
        return [
            lambda: sd.grad(unknown_ufunc)(1.0),  # 1
            lambda: sd.vjp(unknown_ufunc, np.ones(2)),  # 2
            lambda: sd.grad(space["made"])(1.0),  # 3
            lambda: sd.source(np.sin),  # 4
            lambda: sd.source(np.sin, mode="jvp"),  # 5
            lambda: sd.jvp(unknown_ufunc, (1.0,), (1.0,)),  # 6
            lambda: sd.differentiable(space["made"], strict=True),  # 7
        ]

    for k, call in enumerate(calls(), 1):
        error = refused(call)
        assert_placed(error, __file__, line_here(calls, f"# {k}"))
        text = linecache.getline(__file__, error.loc.line)
        assert sys.version_info < (3, 11) or text[error.loc.column:].startswith("sd.")
        assert_short(error)


def test_a_derivative_taken_by_a_function_that_is_only_called_keeps_its_place():
    def probe(n):
        return float(sd.grad(a_key_that_is_an_active_number)(1.0 * n))

    def f(x):
        return x * probe(2)

    error = refused(sd.grad(f), 3.0)
    assert_placed(error, *_place(a_key_that_is_an_active_number))
    assert str(error).count("Instead, ") == 1


def _place(f):
    return inspect.getsourcefile(f), place_of(f)[0]


def test_a_refusal_can_be_pickled():
    error = refused(sd.grad(a_key_that_is_an_active_number), 1.0)
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.loc) == (type(error), str(error), error.loc)


def test_errors_of_the_users_code_stay_as_they_are():
    def f(x):
        if x > 0:
            raise KeyError("mine")
        return x

    with pytest.raises(KeyError, match="^'mine'$"):
        sd.grad(f)(1.0)


# -------------------------------------------------------------------------------------- files


def imported(path, text):
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


KEYED = "def f(x):\n    é = 1.0; é = {x: é}\n    return sum(é)\n"


def test_two_files_with_one_text_have_places_of_their_own(tmp_path):
    paths = [tmp_path / name / "same.py" for name in ("one", "two", "three")]
    functions = [(imported(path, KEYED).f, path) for path in paths]
    for f, path in functions * 2:
        error = refused(sd.grad(f), 2.0)
        assert_placed(error, str(path), 2)
        assert error.loc.column == KEYED.splitlines()[1].index("{x")


def test_a_file_that_changed_after_its_import_is_refused(tmp_path):
    module = imported(tmp_path / "stale.py", "def f(x):\n    return x * 2.0\n")
    (tmp_path / "stale.py").write_text("\n\ndef f(x):\n    return x * 333.0\n")
    error = refused(sd.grad(module.f), 2.0, cls=sd.SourceError)
    assert_placed(error, str(tmp_path / "stale.py"), 1)
    assert_short(error)


def test_functions_defined_inside_have_the_places_of_the_file():
    def f(x):
        scale = 2.0

        def walk(y):
            return float(str(y)) * scale  # here

        return walk(x) * x

    error = refused(sd.grad(f), 1.0)
    assert_placed(error, __file__, line_here(f))


# -------------------------------------------------------------------------------- ahead of time


def test_strict_reports_everything_at_once():
    def f(x):
        y = float(str(x))
        z = x * 2.0
        sd.last = z
        return y * sd.last

    first = f.__code__.co_firstlineno
    error = refused(lambda: sd.differentiable(f, strict=True), cls=sd.UnsupportedError)
    assert_placed(error, __file__, first + 1)
    assert f"{__file__}:{first + 3}:9" in str(error)
    assert str(error).count("Instead, ") == 2
    assert_short(error)


def test_strict_accepts_what_is_only_constant():
    @sd.differentiable(strict=True)
    def f(x):
        return x * 2.0

    @sd.differentiable(strict=True)
    def constant(x):
        return 2.0

    assert sd.grad(f)(1.0) == 2.0


# ------------------------------------------------------------------------------------- our bugs


def test_a_bug_of_the_compiler_says_so_and_keeps_its_cause(monkeypatch):
    def f(x):
        return x * x

    def broken(function, *_):
        raise KeyError("lost")

    monkeypatch.setattr(compiler.fold, "run", broken)
    for call in (lambda: sd.grad(f)(1.0), lambda: sd.source(f), lambda: sd.vjp(f, 1.0),
                 lambda: sd.differentiable(f, strict=True)):
        error = refused(call, cls=errors.InternalError)
        assert_placed(error, __file__, f.__code__.co_firstlineno)
        assert "bug of s2sdiff" in str(error)
        assert "Instead, register a derivative for it with @sd.derivative" in str(error)
        assert isinstance(error.__cause__, KeyError)
        assert_short(error)
    monkeypatch.undo()
    assert sd.grad(f)(3.0) == 6.0


def test_a_warning_that_was_made_an_error_is_no_bug():
    def f(x, y):
        return x * 2.0

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(sd.ZeroDerivativeWarning):
            sd.grad(f, wrt="y")(1.0, 2.0)


def test_a_function_that_is_nested_too_deeply_is_refused(tmp_path):
    deep = "x" + " + x" * 900
    f = imported(tmp_path / "deep.py", f"def f(x):\n    return {deep}\n").f
    error = refused(sd.grad(f), 1.0, cls=sd.UnsupportedError)
    assert_placed(error, str(tmp_path / "deep.py"), 1)


class TooLong(Exception):
    pass


def rings(*_):
    raise TooLong("the limit of time")


def test_what_a_handler_of_signals_raises_meanwhile_is_handed_on(monkeypatch):
    def interrupted(*args, **kwargs):
        signal.raise_signal(signal.SIGUSR1)

    before = signal.signal(signal.SIGUSR1, rings)
    monkeypatch.setattr(compiler, "print_function", interrupted)
    try:
        with pytest.raises(TooLong, match="the limit of time"):
            sd.grad(lambda x: x * x)(2.0)
    finally:
        signal.signal(signal.SIGUSR1, before)
    monkeypatch.undo()
    assert sd.grad(lambda x: x * x)(2.0) == 4.0
