"""The command line: what it prints, and that every bad input is one line and exit code 2."""

import ast
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from click.testing import CliRunner

import s2sdiff as sd
from s2sdiff import cli
from s2sdiff.transforms import STAGES

ROOT = Path(__file__).parent.parent

MODEL = """
    import numpy as np

    rate = 0.5
    print("imported")

    def wave(x: float, w: float):
        y = np.sin(x) * w
        return y + x ** 2

    class Model:
        @staticmethod
        def cube(x: float):
            return x * x * x
"""


@pytest.fixture
def model(tmp_path):
    path = tmp_path / "model_of_waves.py"
    path.write_text(textwrap.dedent(MODEL))
    return path


def run(capsys, *arguments):
    """Exit code, stdout and stderr of one call of `main`."""
    code = cli.main([str(a) for a in arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def shell(*arguments, **options):
    return subprocess.run(
        [sys.executable, "-m", "s2sdiff", *map(str, arguments)], capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, **options,
    )


def one_line(text):
    assert text.count("\n") == 1, text
    assert "Traceback" not in text
    return text.strip()


# ------------------------------------------------------------------------------------ dump


def test_dump_prints_the_source_that_source_returns(capsys, model):
    code, out, _ = run(capsys, "dump", f"{model}:wave")
    wave = cli.function_named(f"{model}:wave")
    assert code == 0
    assert out.rstrip("\n") == sd.source(wave).rstrip("\n")
    ast.parse(out)


@pytest.mark.parametrize(("mode", "name"), [("vjp", "wave_vjp"), ("grad", "wave_grad")])
def test_the_mode_says_what_is_generated(capsys, model, mode, name):
    _, out, _ = run(capsys, "dump", f"{model}:wave", "--mode", mode)
    assert f"def {name}(" in out


@pytest.mark.parametrize("wrt", ["x,w", "0,1", "0,w", " x , w "])
def test_wrt_takes_names_and_positions(capsys, model, wrt):
    _, out, _ = run(capsys, "dump", f"{model}:wave", "--mode", "grad", "--wrt", wrt)
    wave = cli.function_named(f"{model}:wave")
    assert out.rstrip("\n") == sd.source(wave, mode="grad", wrt=(0, 1)).rstrip("\n")


def test_a_single_wrt_is_not_a_tuple(capsys, model):
    _, out, _ = run(capsys, "dump", f"{model}:wave", "--mode", "grad", "--wrt", "w")
    wave = cli.function_named(f"{model}:wave")
    assert out.rstrip("\n") == sd.source(wave, mode="grad", wrt="w").rstrip("\n")


def test_what_the_module_prints_while_it_is_imported_does_not_reach_stdout(capsys, model):
    _, out, err = run(capsys, "dump", f"{model}:wave")
    assert "imported" not in out
    assert "imported" in err


def test_a_module_of_the_working_directory_is_found(model):
    done = shell("dump", "model_of_waves:wave", "--mode", "grad", cwd=model.parent)
    assert done.returncode == 0, done.stderr
    assert "def wave_grad(" in done.stdout


def test_a_file_inside_a_package_may_import_relatively(capsys, tmp_path):
    package = tmp_path / "package_of_waves"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "constants.py").write_text("k = 2.0\n")
    (package / "code.py").write_text(
        "from .constants import k\n\ndef scaled(x: float):\n    return k * x\n"
    )
    code, out, _ = run(capsys, "dump", f"{package / 'code.py'}:scaled", "--mode", "grad")
    assert code == 0
    assert "def scaled_grad(" in out


def test_a_file_named_like_a_module_of_the_library_is_still_found(capsys, tmp_path):
    path = tmp_path / "random.py"
    path.write_text("def square(x: float):\n    return x * x\n")
    code, out, _ = run(capsys, "dump", f"{path}:square", "--mode", "grad")
    assert code == 0
    assert "def square_grad(" in out
    assert hasattr(sys.modules["random"], "shuffle")


def test_a_method_is_named_with_its_class(capsys, model):
    code, out, _ = run(capsys, "dump", f"{model}:Model.cube", "--mode", "grad")
    assert code == 0
    assert "cube_grad(" in out


@pytest.mark.parametrize("stage", list(STAGES))
def test_every_stage_can_be_printed(capsys, model, stage):
    code, out, _ = run(capsys, "dump", f"{model}:wave", "--stage", stage)
    assert code == 0
    assert out.strip()


def test_tree_prints_the_syntax_tree_of_the_generated_source(capsys, model):
    _, out, _ = run(capsys, "dump", f"{model}:wave", "--tree")
    assert out.startswith("Module(")
    assert "name='wave_vjp'" in out


def test_piped_output_has_no_escape_codes(model):
    done = shell("dump", f"{model}:wave")
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout
    assert "def wave_vjp(" in done.stdout


def test_on_a_terminal_the_text_is_the_same_and_highlighted(capsys, model, monkeypatch):
    _, plain, _ = run(capsys, "dump", f"{model}:wave")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "20")
    monkeypatch.delenv("NO_COLOR", raising=False)
    _, coloured, _ = run(capsys, "dump", f"{model}:wave")
    assert "\x1b[" in coloured
    from rich.text import Text

    # Lines longer than the window are not cut, so that they can be copied.
    assert Text.from_ansi(coloured).plain.rstrip() == plain.rstrip()


def test_dump_works_through_clicks_own_runner(model):
    result = CliRunner().invoke(cli.cli, ["dump", f"{model}:wave"])
    assert result.exit_code == 0
    assert "def wave_vjp(" in result.stdout


def test_without_arguments_the_help_is_shown(capsys):
    code, out, _ = run(capsys)
    assert code == 0
    assert "dump" in out


def test_a_reader_that_goes_away_leaves_no_traceback(model):
    command = f'"{sys.executable}" -m s2sdiff dump "{model}:wave" | true'
    done = subprocess.run(
        command, shell=True, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


# ----------------------------------------------------------------------------- bad arguments


BAD = {
    "no such command": (["dmup", "{model}:wave"], "dmup"),
    "no target": (["dump"], "TARGET"),
    "unknown option": (["dump", "{model}:wave", "--mood", "vjp"], "--mood"),
    "no such file": (["dump", "{folder}/nothing.py:wave"], "no such file"),
    "a folder": (["dump", "{folder}/folder.py:wave"], "not a file"),
    "no colon": (["dump", "{model}"], "FILE.py:FUNC"),
    "no name": (["dump", "{model}:"], "FILE.py:FUNC"),
    "no such function": (["dump", "{model}:wav"], "did you mean 'wave'?"),
    "a number": (["dump", "{model}:rate"], "not a function"),
    "a class": (["dump", "{model}:Model"], "not a function"),
    "a builtin": (["dump", "math:sin"], "Instead"),
    "bad mode": (["dump", "{model}:wave", "--mode", "backwards"], "vjp, grad, jvp"),
    "bad stage": (["dump", "{model}:wave", "--stage", "nonsense"], "the stages are"),
    "unknown parameter": (["dump", "{model}:wave", "--wrt", "q"], "the parameters are: x, w"),
    "position too large": (["dump", "{model}:wave", "--wrt", "2"], "no parameter 2"),
    "empty wrt": (["dump", "{model}:wave", "--wrt", ","], "at least one"),
    "syntax error": (["dump", "{folder}/broken.py:f"], "broken.py:2"),
    "failing import": (["dump", "{folder}/failing.py:f"], "ModuleNotFoundError"),
    "exit at import": (["dump", "{folder}/leaving.py:f"], "SystemExit"),
    "no such module": (["dump", "no_such_module_here:f"], "no_such_module_here"),
    "not a module": (["dump", "a b c:f"], "neither"),
    "check, no such file": (["check", "{folder}/nothing.py"], "no such file"),
    "check, no such function": (["check", "{model}:wav"], "did you mean"),
}


@pytest.mark.parametrize(("arguments", "expected"), BAD.values(), ids=BAD.keys())
def test_a_bad_argument_is_one_line_on_stderr_and_exit_code_2(
    capsys, tmp_path, model, arguments, expected
):
    (tmp_path / "folder.py").mkdir()
    (tmp_path / "broken.py").write_text("x = 1\ndef f(:\n")
    (tmp_path / "failing.py").write_text("import no_such_module_here\n")
    (tmp_path / "leaving.py").write_text("import sys\nsys.exit('bye')\n")
    model.write_text(model.read_text().replace('print("imported")', ""))
    code, out, err = run(capsys, *(a.format(model=model, folder=tmp_path) for a in arguments))
    assert (code, out) == (2, "")
    assert expected in one_line(err)


def test_the_exit_code_reaches_the_shell(tmp_path):
    done = shell("dump", tmp_path / "nothing.py:f")
    assert (done.returncode, done.stdout) == (2, "")
    one_line(done.stderr)


# ----------------------------------------------------------------------------------- check


def test_check_of_a_clean_function_is_silent_with_exit_code_0(capsys, model):
    code, out, err = run(capsys, "check", f"{model}:wave")
    assert (code, out) == (0, "")
    assert "1 function checked" in err


def test_check_of_a_file_looks_at_every_function_and_method_in_it(capsys, model):
    code, _, err = run(capsys, "check", model)
    assert code == 0
    assert "2 functions checked" in err


def test_check_reports_what_cannot_be_differentiated_with_exit_code_1(capsys, tmp_path):
    path = tmp_path / "refused.py"
    path.write_text("def numbers(x: float):\n    yield x\n")
    code, out, _ = run(capsys, "check", f"{path}:numbers")
    assert code == 1
    assert "refused.py:1" in out or "refused.py:2" in out
    assert "Instead," in out


def test_a_refusal_does_not_name_the_command_lines_own_call_as_its_place(capsys, model):
    for arguments in (["dump", "math:sin"], ["dump", "math:sin", "--mode", "jvp"]):
        assert cli.main(arguments) == 2
        line = capsys.readouterr().err
        assert "click" not in line
        assert line.count("Instead,") == 1
