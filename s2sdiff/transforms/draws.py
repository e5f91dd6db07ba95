"""What random generators of NumPy's draw: they write nothing but their own state."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.ir import Bind, Const, Ref
from s2sdiff.kinds import ANY, Kind, scalar
from s2sdiff.transforms import witness

__all__ = ["drawn", "only_draws"]

#: Methods that draw real numbers, with how many parameters come before `size`.
_REAL = {
    "random": 0, "standard_normal": 0, "standard_exponential": 0, "standard_cauchy": 0,
    "exponential": 1, "standard_gamma": 1, "chisquare": 1, "rayleigh": 1, "weibull": 1,
    "pareto": 1, "power": 1, "standard_t": 1, "normal": 2, "uniform": 2, "gamma": 2, "beta": 2,
    "lognormal": 2, "laplace": 2, "logistic": 2, "gumbel": 2, "f": 2, "vonmises": 2, "wald": 2,
    "triangular": 3,
}
_INTEGERS = frozenset({"integers", "poisson", "binomial", "geometric", "choice", "permutation"})


def only_draws(bind: Bind, owner: Any) -> bool:
    """Whether a call of a method of what is of this type draws, into an array of its own."""
    name = bind.args[1]
    return owner is np.random.Generator and isinstance(name, Const) and (
        name.value in _REAL or name.value in _INTEGERS) and \
        len(bind.args) <= _REAL.get(name.value, 1) + 3 and not any(
            k in (None, "out") for k, _ in bind.kwargs)


def drawn(bind: Bind, kinds: list[Kind], context: Any) -> Kind:
    """What a method of a generator gives: floats in an array of the size that it is given."""
    name, given = bind.args[1], dict(bind.kwargs)
    if name == Const("integers") and only_draws(bind, kinds[0].type) and not given.keys() - {
            "low", "high", "endpoint"} and len(bind.args) < 5 and all(
                k.type is int for k in kinds[2:]):
        return scalar(np.int64)
    before = _REAL.get(name.value) if isinstance(name, Const) else None
    if before is None or not only_draws(bind, kinds[0].type) or not given.keys() <= {"size"}:
        return ANY
    size = given.get("size", bind.args[before + 2] if len(bind.args) > before + 2 else None)
    if size is None or size == Const(None):
        plain = all(k.is_scalar for k in kinds[2:before + 2])
        return scalar(float) if plain else ANY
    from s2sdiff.transforms.kinds import kind_of_atom

    shaped = Bind(bind.targets, Ref(np.zeros), (size,), (), bind.loc)
    return witness.probe(np.zeros, shaped, [kind_of_atom(size, context)], context)
