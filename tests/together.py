"""Cases of the language's table, with batches and one by one."""

import contextlib
import copy
import io
import warnings

import numpy as np
import optree

import s2sdiff as sd
from s2sdiff.forward import runner
from s2sdiff.jacobian_calls import Call
from s2sdiff.runtime.side_by_side import has_objects
from s2sdiff.runtime.values import is_differentiable
from s2sdiff.together import Products

ROWS = 5


def forwards(case, args, slots):
    """Products along the arguments of a case, which each run has anew."""
    def run(*dots):
        return runner(case.function, slots, case.arguments(), case.keywords())(*dots)

    return Products(run, lambda dots: dots, [args[i] for i in slots], case.function, slots)


def backwards(case, args, slots):
    """Products with the result's cotangents; None where the result has none."""
    point = [copy.deepcopy(args[i]) for i in slots]
    value, products = Call(case.function, slots, args, case.keywords(), point, True).pulled()
    return None if has_objects(value) or not products.columns else products


def has_single(args):
    """Whether any argument is of single precision, beside whatever others."""
    return any(leaf.dtype.char in "fF" for leaf in optree.tree_leaves(args)
               if isinstance(leaf, (np.ndarray, np.generic)))


def agreed(case, way):
    """Whether a case went through a run of many; None where it is refused, or has objects.

    Raises
    ------
    AssertionError
        What the run of many gives is not what single runs give.
    """
    args = case.arguments()
    slots = tuple(i for i, x in enumerate(args) if is_differentiable(x))
    if not slots or any(map(has_objects, args)):
        return None
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings(), \
            np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            products = way(case, args, slots)
            if products is None:
                return None
            matrix = np.random.default_rng(1).normal(size=(ROWS, products.columns))
            single = np.stack([products.along(row) for row in matrix])
        except (sd.DifferentiationError, TypeError):
            return None
        many = products.in_one_run(lambda a, b: matrix[a:b], ROWS)
    if many is None:
        return False
    tolerance = 1e-4 if has_single(args) or single.dtype.char in "fF" else 1e-9
    np.testing.assert_allclose(many, single, rtol=tolerance, atol=tolerance, err_msg=case.name)
    return True
