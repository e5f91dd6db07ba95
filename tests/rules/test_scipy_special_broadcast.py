"""Rules of ufuncs of `scipy.special`: each where all of its arguments broadcast."""


import numpy as np
import pytest

from s2sdiff import registry
from tests.rules.checker import check_rule
from tests.rules.known_to import known_to

special = pytest.importorskip("scipy.special")

registry.find(special.expit)  # which loads them
OWN = {of.__name__: of for of, modes in list(registry._rules.values())
       if isinstance(of, np.ufunc) and getattr(special, of.__name__, None) is of
       and getattr(modes.get("vjp"), "function", None) is not None}
X = np.array([[0.35, 0.6, 0.85]])
A, B, C = np.array([[1.3], [2.6]]), np.array([[0.8], [1.9]]), np.array([[0.45], [0.7]])
N = np.array([[2], [3]])

#: Arguments where not all of `X, A, B, C` will do, in that order.
SAMPLES = {
    "ndtri_exp": (-X,), "mathieu_a": (N, X), "mathieu_b": (N, X),
    "btdtria": (X, A, C), "btdtrib": (A, X, C), "gdtrib": (A, X, B), "nrdtrisd": (A - 2.0, X, B),
    "fdtridfd": (A, X * 0.1 + 0.6, B), "lpmv": (N - 1, N + 1, X),
    **{name: (N - 1.0, N + 3, X) for name in ("bdtrc", "bdtri")},
    "bdtr": (N - 1.0, N + 3, X), "nbdtr": (N, N + 1, X), "nbdtrc": (N, N + 1, X),
    "nbdtri": (N, N + 1, X), "bdtrik": (X, 4.0 * A, C), "bdtrin": (N - 1.0, X, C),
    "nbdtrik": (X, A + 1.0, C), "nbdtrin": (N + 0.0, X, C),
    **{f"mathieu_{kind}": (N, A, 40.0 * X) for kind in ("cem", "sem")},
    **{f"mathieu_mod{kind}": (N, A, X) for kind in ("cem1", "cem2", "sem1", "sem2")},
    "eval_hermite": (N, X), "eval_hermitenorm": (N, X),
    **{f"eval_{kind}": (N, X) for kind in (
        "legendre", "sh_legendre", "chebyt", "chebyu", "chebyc", "chebys", "sh_chebyt",
        "sh_chebyu", "laguerre")},
    **{f"eval_{kind}": (N, A, X) for kind in ("genlaguerre", "gegenbauer")},
    "eval_jacobi": (N, A, B, X), "eval_sh_jacobi": (N, A + 2.0, B, X),
}
#: Of these a wide row is asked elsewhere: they are given their arguments together.
OTHERS = {"ncfdtr", "ncfdtri", "nctdtr", "nctdtrit"}


def sample(name):
    if name in SAMPLES:
        return SAMPLES[name]
    return (X, A, B, C)[:OWN[name].nin]


def test_there_are_such_rules():
    assert len(OWN) > 150


@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::DeprecationWarning")
@pytest.mark.parametrize("name", sorted(OWN.keys() - OTHERS))
def test_a_ufunc_agrees_with_differences_in_all_arguments(name):
    target, args = OWN[name], sample(name)
    if not np.all(np.isfinite(target(*args))):
        args = (*args[1:], args[0])
    value = target(*args)
    assert np.all(np.isfinite(value))
    rule = registry.find(target)
    known = known_to(rule, args, value)
    check_rule(target, *args, wrt=known, forward=False, single=False)


@pytest.mark.parametrize(("name", "args"), [
    ("hyp0f1", (A, -X)), ("agm", (-X, -A)), ("psi", (-X,)), ("erfcx", (-X,)), ("log_ndtr", (-X,)),
    ("log_ndtr", (8.0 * X,)), ("xlog1py", (X, -0.5 * X)), ("exprel", (-3.0 * A,)), ("i0e", (-X,)),
    ("kve", (A, 40.0 * X)), ("expm1", (-X,)), ("gammaln", (-X,)), ("pseudo_huber", (X, -A))])
def test_a_ufunc_agrees_with_differences_on_other_branches(name, args):
    check_rule(OWN[name], *args, forward=False, single=False)


@pytest.mark.parametrize("n", [2, 5, 7])
def test_dirichlets_kernel_agrees_with_differences_near_0(n):
    x = np.array([1e-3, 0.03, 0.08, 0.2])
    check_rule(special.diric, x, n, wrt="x", forward=False, single=False)


@pytest.mark.parametrize(("m", "v", "slopes"), [
    (2, 2, (-6.0, 6.0)), (2, 3, (-30.0, -30.0)), (0, 3, (6.0, 6.0)), (4, 5, (0.0, 0.0))])
def test_associated_legendre_functions_have_their_slope_at_both_ends(m, v, slopes):
    _, pullback = registry.find(special.lpmv).function(m, v, np.array([1.0, -1.0]))
    assert np.allclose(pullback(np.ones(2))[2], slopes)
