"""`import s2sdiff` is cheap and brings in nothing that it does not need."""

import subprocess
import sys

HEAVY = ("scipy", "rich", "click", "sklearn", "jax", "autograd", "hypothesis", "pytest")


def run(program: str) -> str:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_importing_s2sdiff_imports_no_heavy_package():
    program = f"import sys, s2sdiff; print([m for m in {HEAVY!r} if m in sys.modules])"
    assert run(program) == "[]"


def test_taking_a_gradient_imports_no_heavy_package(tmp_path):
    (tmp_path / "square.py").write_text("def square(x):\n    return x * x\n")
    program = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "import s2sdiff, square; assert s2sdiff.grad(square.square)(3.0) == 6.0\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules])"
    )
    assert run(program) == "[]"


def test_the_public_names_of_the_api_are_there():
    names = """differentiable grad value_and_grad vjp check_grads derivative derivatives
        differentiable_function stop_gradient with_derivative checkpoint source
        DifferentiationError ZeroDerivativeWarning""".split()
    program = f"import s2sdiff; print([n for n in {names!r} if not hasattr(s2sdiff, n)])"
    assert run(program) == "[]"
