"""No second derivative of a function of `scipy.special` is silently wrong at edges."""

import numpy as np
import pytest

from s2sdiff import registry
from tests.rules.bends import wrong_bends

special = pytest.importorskip("scipy.special")

#: Of these differences do not tell: SciPy's search ends at a bound, or where it is near enough;
#: the orders are integers; kinks; what SciPy takes for 0; powers of 0, whose exponent has a slope
#: of 0; where two arguments are the same, a mixed derivative that is 0 and grows out of noise; and
#: what takes minutes at degrees of 1000.
LEFT_OUT = {"bdtrik", "bdtrin", "fdtridfd", "nbdtrik", "nbdtrin", "stdtridf", "eval_hermite",
            "eval_hermitenorm", "huber", "tklmbda", "inv_boxcox", "inv_boxcox1p", "powm1",
            "voigt_profile", "eval_jacobi", "eval_sh_jacobi"}
NAMES = [name for name in sorted(dir(special)) if isinstance(getattr(special, name), np.ufunc)
         and registry.find(getattr(special, name)) and not registry.find(
             getattr(special, name)).constant and name not in LEFT_OUT]


@pytest.mark.parametrize("name", NAMES)
def test_no_second_derivative_is_silently_wrong(name):
    function = getattr(special, name)
    for n in range(function.nout):
        found = wrong_bends(function, function.nin, f"[{n}]" if function.nout > 1 else "")
        assert not found, f"{name} {n}: " + "\n".join(map(str, found))
