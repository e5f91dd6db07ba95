"""What is said of a function's result by example holds for other values, too."""

import importlib
import importlib.util
import warnings
from types import SimpleNamespace

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import registry
from s2sdiff.ir import Bind, Const, Loc, Ref, Var
from s2sdiff.kinds import ANY, kind_of
from s2sdiff.transforms import transfer, witness

V = np.array([-0.5, 0.0, 1.5, 2.0, -1.0])
M = np.arange(25.0).reshape(5, 5) % 7.0 - 2.0 + 5.0 * np.eye(5)
ZERO, FEW = np.zeros(5), np.array([1.0, 1.0, 0.0], np.float32)
ARGUMENTS = [
    (V,), (M,), (0.7,), (V, V), (M, M), (M, V), (V, 2), (M, 2), (V, 3), (0.7, -0.5), (ZERO,),
    (ZERO, V), (M * 0.0,), (FEW,), (FEW, FEW), (V + 1j,), (M + 0j,), (-0.7,), (V, 1, 0), (2, V),
    ((V, V),), ([0.5, 1.0],), (V[:2], M[:2, :2]), (V, V, V), (4.0,), (0.5, 4.0),
]


def known(fn, args, literal=int):
    """What is said of `fn(*args)`, where ints are literals and all else is known by its kind."""
    context = SimpleNamespace(
        kinds={f"a{i}": kind_of(a, f"a{i}") for i, a in enumerate(args)}, free_kinds={},
        lists_change=False, callee_kind=lambda *_: ANY)
    atoms = tuple([Const(a) if isinstance(a, literal) else Var(f"a{i}")
                   for i, a in enumerate(args)])
    bind = Bind(("r",), Ref(fn), atoms, (), Loc("here", 1, 1, "f"))
    return transfer.result(bind, list(context.kinds.values()), context)


SCIPY = ("scipy.linalg", "scipy.fft", "scipy.ndimage", "scipy.signal", "scipy.special")


def of_scipy():
    """SciPy's functions of which a rule says that examples tell what they give."""
    if importlib.util.find_spec("scipy") is None:
        return []
    found = {}
    for module in map(importlib.import_module, SCIPY):
        for name, fn in vars(module).items():
            rule = registry.find(fn) if callable(fn) and not isinstance(fn, type) else None
            if getattr(rule and rule.function, "__s2sdiff_shaped__", False):
                found[f"{module.__name__}.{name}"] = fn
    return sorted(found.items())


@pytest.mark.parametrize("name", dict(of_scipy()))
def test_what_examples_say_of_scipy_holds_for_other_values(name):
    test_what_examples_say_holds_for_other_values(dict(of_scipy())[name])


def test_what_scipy_gives_is_known():
    linalg, fft = pytest.importorskip("scipy.linalg"), pytest.importorskip("scipy.fft")
    for fn, args in ((linalg.inv, (M,)), (linalg.cholesky, (M,)), (linalg.expm, (M,)),
                     (linalg.solve, (M, V)), (fft.fft, (V,)), (fft.dct, (M,)), (fft.irfft, (V,))):
        said, value = known(fn, args), fn(*[a + 9.0 * np.eye(5) if a is M else a for a in args])
        assert said.is_array and len(said.shape) == value.ndim and said.dtype == value.dtype
    assert known(linalg.det, (M,)).is_scalar


@pytest.mark.parametrize("fn", sorted(
    [f for f in witness.SHAPED if (getattr(f, "__module__", "") or "").startswith("numpy")
     and callable(f)], key=lambda f: (f.__module__, f.__name__)), ids=lambda f: f.__name__)
def test_what_examples_say_holds_for_other_values(fn):
    for args in ARGUMENTS:
        holds(fn, args)
        if any(type(a) is int for a in args):
            for whole in (int, np.int64, np.int32, np.uint8, np.bool_):
                holds(fn, tuple([whole(a) if type(a) is int else a for a in args]), ())


def holds(fn, args, literal=int):
    given = [a.copy() if isinstance(a, np.ndarray) else a for a in args]
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            value = fn(*given)
    except Exception:  # (no such call)
        return
    said, found = known(fn, args, literal), kind_of(value)
    if said.is_array:
        assert found.is_array, args
        assert said.shape is None or len(said.shape) == len(found.shape), args
        for dim, length in zip(said.shape or (), value.shape, strict=said.shape is not None):
            assert is_length(dim, length, args), (args, dim, length)
        assert said.dtype is None or said.dtype == value.dtype, args
    elif said.is_scalar:
        assert found.is_scalar, args
    else:
        return
    if said.field is not None and found.field is not None:
        assert said.field == found.field, args


def is_length(dim, length, args):
    """Whether a dimension is what it is said to be: one, surely another, or an argument's."""
    if dim == 1 or length == 1:
        return (dim == length) or str(dim)[0] == "?"
    if dim[0] == "#":
        return length == int(dim[1:])
    name, _, place = dim.partition(".")
    if name[0] != "a" or not place.isdigit():
        return True
    return np.shape(args[int(name[1:])])[int(place)] == length


def test_an_unknown_float_may_be_any_number_of_steps():
    def f(x, n):
        return np.sum(np.arange(n) * x * np.array([1.0, 2.0, 3.0]))

    assert sd.grad(f)(0.3, 3.0) == pytest.approx(8.0)
    assert sd.grad(f)(0.3, np.float64(3.0)) == pytest.approx(8.0)
