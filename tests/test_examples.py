"""The examples print what the tutorial prints, number for number and in its order."""

import importlib.util
import inspect
import linecache
import math
import os
import re
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

import s2sdiff as sd
from tests.generated.models.places import heat_in_place

ROOT = Path(__file__).parent.parent
TUTORIAL = sorted((ROOT / "examples" / "custom_differentiation").glob("*.py"))


def load(path):
    spec = importlib.util.spec_from_file_location(f"example_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def example(name):
    return load(ROOT / "examples" / "custom_differentiation" / f"{name}.py")


def printed(module, capsys):
    """The lines that an example prints; a warning is an error."""
    capsys.readouterr()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        module.main()
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("path", TUTORIAL, ids=lambda path: path.stem)
def test_an_example_runs_as_a_script_and_says_nothing_on_stderr(path):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, str(path)], capture_output=True, text=True, env=environment
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


def test_example_1_prints_the_taking_line_once_for_each_call(capsys):
    assert printed(example("example1_custom_derivative"), capsys) == [
        f"Taking e({np.float32(math.e)}) to the power of 3.0!",
        "exp(3) = 20.085535",
        f"Taking e({np.float32(math.e)}) to the power of 3.0!",
        "grad exp(3) = 20.085535",
    ]


def test_example_1_keeps_single_precision_and_its_pullback_prints_nothing(capsys):
    silly_exp = example("example1_custom_derivative").silly_exp
    value, pullback = sd.vjp(silly_exp, np.float32(3))
    capsys.readouterr()
    assert pullback(np.float32(2)) == pytest.approx(2 * value)
    assert (type(value), type(pullback(np.float32(1)))) == (np.float32, np.float32)
    assert capsys.readouterr().out == ""


def test_example_2_gives_a_real_zero_without_a_warning(capsys):
    (line,) = printed(example("example2_stop_gradient"), capsys)
    first, second = (float(number) for number in line.strip("()").split(", "))
    assert first == pytest.approx(-0.180098775947, abs=1e-12)
    assert second == 0.0
    assert line.endswith(", 0.0)")


def test_example_2_without_the_marker_warns_with_the_place_and_the_hint():
    def without_marker(x, y):
        return math.sin(x)

    with pytest.warns(sd.ZeroDerivativeWarning, match="stop_gradient") as caught:
        gradient = sd.grad(without_marker, wrt=(0, 1))(2.0, 3.0)
    assert gradient == (pytest.approx(math.cos(2.0)), 0.0)
    line = without_marker.__code__.co_firstlineno
    assert re.search(rf"test_examples\.py:{line}\b|test_examples\.py:{line + 1}\b",
                     str(caught[0].message))


def test_example_3_calls_the_hook_of_the_logarithm_first(capsys):
    log_line, sin_line, result = printed(example("example3_surgery"), capsys)
    number = re.fullmatch(r"dlog/dx = (\S+), but rewritten to 0\.5", log_line)[1]
    assert float(number) == pytest.approx(1 / 30, rel=1e-15)
    assert sin_line == "d+/dsin = 1.0"
    assert float(result) == pytest.approx(math.cos(30) + 0.5, abs=1e-12)
    assert float(result) == pytest.approx(0.654251449888, abs=1e-12)


def test_a_hook_is_called_once_per_use_and_not_where_the_use_does_not_matter():
    seen = []

    def uses(x):
        marked = sd.with_derivative(x, seen.append)
        sd.with_derivative(x * 7.0, seen.append)
        return marked * marked

    assert sd.grad(uses)(3.0) == 6.0
    assert seen == [6.0]


def test_a_hook_may_change_its_array_in_place():
    kept = []

    def halve(v):
        kept.append(v)
        v *= 0.5

    def loss(x):
        return np.sum(sd.with_derivative(x, halve) ** 2)

    x = np.array([1.0, 2.0])
    np.testing.assert_array_equal(sd.grad(loss)(x), x)
    # What the hook kept is its own: later calls do not change it.
    sd.grad(loss)(10 * x)
    np.testing.assert_array_equal(kept[0], x)


def test_example_5_computes_the_square_once_forward_and_once_backward(capsys):
    *lines, last = printed(example("example5_checkpointing"), capsys)
    assert lines == [
        "Running original computation...",
        "  Computing square...",
        "Running backpropagation...",
        "  Computing square...",
    ]
    assert float(last.rpartition("=")[2]) == pytest.approx(-0.912945250728, abs=1e-12)


def test_checkpoint_runs_the_body_once_forward_and_once_per_pullback():
    calls = []

    def product(x, y):
        calls.append("run")
        return math.sin(x) * y

    value, pullback = sd.vjp(sd.checkpoint(product), 2.0, 3.0)
    assert (value, len(calls)) == (pytest.approx(3 * math.sin(2)), 1)
    assert pullback(1.0) == pytest.approx((3 * math.cos(2), math.sin(2)))
    assert len(calls) == 2
    assert pullback(2.0) == pytest.approx((6 * math.cos(2), 2 * math.sin(2)))
    assert len(calls) == 3


EVERYWHERE = example("example7_everywhere")
EXPECTED = {
    "with_custom_derivative": lambda x: 3 * x * x,
    "with_stopped_gradient": lambda x: x,
    "with_surgery": lambda x: x,
    "with_checkpoint": lambda x: 2 * x,
    "with_differentiable_function": lambda x: 2 * x,
}


def named(x):
    return f"{type(x).__name__}-{getattr(x, 'dtype', '')}"


@pytest.mark.parametrize("operator", [o for o, _ in EVERYWHERE.OPERATORS], ids=lambda o: o.__name__)
@pytest.mark.parametrize("x", EVERYWHERE.VALUES, ids=named)
def test_example_7_every_operator_works_on_every_kind_of_number(operator, x):
    gradient = sd.grad(operator)(x)
    expected = EXPECTED[operator.__name__](x)
    np.testing.assert_allclose(gradient, expected, rtol=1e-6)
    assert type(gradient) is type(x)
    assert getattr(gradient, "dtype", None) == getattr(x, "dtype", None)


def test_example_7_prints_a_block_for_each_value(capsys):
    lines = printed(EVERYWHERE, capsys)
    per_value = 1 + len(EVERYWHERE.OPERATORS)
    assert len([line for line in lines if not line.startswith("  with_")]) >= len(EVERYWHERE.VALUES)
    assert lines[:per_value] == [
        "x = 1.5",
        "  with_custom_derivative (3x^2): 6.75",
        "  with_stopped_gradient (x): 1.5",
        "  with_surgery (x): 1.5",
        "  with_checkpoint (2x): 3.0",
        "  with_differentiable_function (2x): 3.0",
    ]


@pytest.mark.parametrize(("operator", "formula"), EVERYWHERE.ON_STRUCTURES,
                         ids=lambda o: getattr(o, "__name__", ""))
@pytest.mark.parametrize("value", EVERYWHERE.STRUCTURES, ids=lambda v: type(v).__name__)
def test_example_7_every_operator_works_on_every_structure(operator, formula, value):
    gradient = sd.grad(operator)(value)
    assert type(gradient) is type(value)
    factor = {"v": 1.0, "2v": 2.0}[formula]
    numbers = sd.TangentVector(gradient) - factor * sd.TangentVector(value)
    assert numbers.norm() == pytest.approx(0.0, abs=1e-6)
    assert sd.TangentVector(gradient).norm() == pytest.approx(5.0 * factor)


def test_example_7_moves_a_point_and_leaves_its_name(capsys):
    assert printed(EVERYWHERE, capsys)[-1] == (
        "A step downhill from Point(x=3.0, y=4.0, name='corner') "
        "leads to Point(x=1.5, y=2.0, name='corner')")


def test_the_digits_classifier_recognises_95_per_cent_of_held_out_digits(capsys):
    load(ROOT / "examples" / "digits.py").main([])
    out = capsys.readouterr().out
    assert "training" in out
    recognised = re.search(r"held out: 359 digits, ([\d.]+)% recognised", out)
    assert float(recognised[1]) >= 95.0


def test_the_digits_example_prints_source_that_compiles(capsys):
    load(ROOT / "examples" / "digits.py").main(["--source"])
    text = capsys.readouterr().out
    assert "W1_bar" in text
    compile(text, "<generated>", "exec")


def test_the_example_of_the_readme_runs_and_gives_the_closed_form(tmp_path, capsys):
    block = readme_blocks()[0]
    path = tmp_path / "readme_example.py"
    path.write_text(block, "utf-8")
    load(path)
    out = capsys.readouterr().out.splitlines()
    x_bar = math.cos(2.0) * 3.0 + 4.0
    assert float(out[0]) == pytest.approx(x_bar)
    both = [float(number) for number in out[1].strip("()").split(", ")]
    assert both == pytest.approx([x_bar, math.sin(2.0)])
    assert any(line.startswith("def wave_grad(") for line in out)


def test_the_readme_shows_what_is_generated(tmp_path):
    primal, shown = readme_blocks()[1:3]
    (tmp_path / "shown.py").write_text(f"import numpy as np\n\n\n{primal}", "utf-8")
    module = load(tmp_path / "shown.py")
    x = np.array([0.5, -1.0, 2.0])
    value, gradient = sd.value_and_grad(module.logsumexp)(x)
    scope = {"np": np}
    exec(shown, scope)
    by_text = scope["logsumexp_value_and_grad"](x)
    assert (value, gradient.tolist()) == (by_text[0], by_text[1].tolist())
    softmax = np.exp(x) / np.sum(np.exp(x))
    np.testing.assert_allclose(gradient, softmax, rtol=1e-14)
    # The request for the value, too, has no place in `sd.source`; what ran is found by its file.
    (ran,) = [lines for file, (_, _, lines, _) in linecache.cache.items()
              if file.startswith("<s2sdiff logsumexp_value_and_grad")]
    assert "".join(ran).strip().endswith(shown.strip())


def test_the_readme_shows_the_kept_gradient_of_a_loop_that_writes():
    primal, shown = readme_blocks()[3:5]
    kept = (ROOT / "tests" / "generated" / "heat_in_place_grad.py").read_text("utf-8")
    assert kept.endswith(shown)
    assert primal == inspect.getsource(heat_in_place)


def test_the_readme_shows_what_forward_mode_writes(tmp_path):
    path = tmp_path / "readme_wave.py"
    path.write_text(readme_blocks()[0].partition("print(")[0], "utf-8")
    wave = load(path).wave
    text = sd.source(wave, "jvp", wrt=("x", "w"), args=(2.0, 3.0))
    assert text.strip().endswith(readme_blocks()[5].strip())


def readme_blocks():
    text = (ROOT / "README.md").read_text("utf-8")
    return re.findall(r"```python\n(.*?)```", text, re.S)
