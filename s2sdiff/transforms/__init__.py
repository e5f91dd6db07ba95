"""The passes, in order, each with a sentence; a pass is `Function -> Function` in a context."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from s2sdiff.ir import Function
from s2sdiff.transforms import (
    activity,
    as_arrays,
    augmented,
    called_tuples,
    choices,
    concatenators,
    constants,
    defaults,
    derivatives_inside,
    distances,
    drawing,
    drawn_keys,
    drawn_now,
    early,
    frozen,
    given_anew,
    inline,
    keywords,
    kinds,
    loops,
    merged,
    missing_keys,
    named_calls,
    namespaces,
    numbered_loops,
    paired,
    partials,
    parts_of_arrays,
    powers,
    read_once,
    resized,
    resolve,
    shifts,
    split_up,
    squares,
    starred,
    successors,
    told_dtypes,
    unstarred,
    writing,
)
from s2sdiff.transforms.context import Context

__all__ = ["EARLY", "NORMALISE", "STAGES"]

Pass = Callable[[Function, Any], Function]


def _analysed(function: Function, context: Context) -> Function:
    analysed = writing.analyse(function, context)
    settled = resized.settle(drawn_now.settle(analysed, context), context)
    settled = successors.named(settled, context) if settled is analysed else settled
    # Of arrays that are given anew, copied, or handed on, nothing is written.
    return analysed if settled is analysed else writing.analyse(
        _inferred(early.sweep(settled), context), context)


def _index(function: Function, context: Context) -> Function:
    if not loops.concerned(function, context):
        return function
    varies = activity.varying(function, context)
    shared = loops.shared(function, context, varies)
    if shared and not context.generators:
        # Only now is it known what shares memory with what varies.
        opened = _inferred(drawing.opened(function, context, shared), context)
        function = writing.analyse(opened, context)
        varies = activity.varying(function, context)
    while True:
        indexed = loops.index(function, context, varies)
        if indexed.body is function.body:
            return function
        left = loops.looked_at(function, context, varies)
        # Less may be known of an index that a loop now takes out of a pair.
        function = writing.analyse(_inferred(indexed, context), context)
        varies = activity.varying(function, context) if left else varies
        if not left or left <= loops.looked_at(function, context, varies):
            return function
        # What such a loop binds matters, now that another one is over an index.


def _helpers_in(function: Function, context: Context) -> Function:
    """With helpers written in, also such that are called without stars then."""
    pasted = inline.helpers(function, context)
    plain = unstarred.written(pasted, context)
    return pasted if plain is pasted else inline.helpers(plain, context)


def _inferred(function: Function, context: Context) -> Function:
    """With kinds; where less is known than before, in-place operators are settled by that."""
    inferred = kinds.infer(function, context)
    settled = augmented.settle(drawn_now.settle(inferred, context), context)
    return inferred if settled.body is inferred.body else _inferred(settled, context)


def _with_derivatives(function: Function, context: Context) -> Function:
    """With kinds; members of modules that they tell, and derivatives as the code that they run."""
    inferred = kinds.infer(function, context)
    written = derivatives_inside.written(namespaces.written(inferred, context), context)
    return inferred if written is inferred else _with_derivatives(written, context)


def _split(function: Function, context: Context) -> Function:
    """With an item at a time of tuples and dicts that loops and branches bind anew.

    Before, arrays of floats are told no dtype, `np.r_[a, b]` is a call, dicts with defaults become
    plain ones, distances are those of coordinates, `setdefault` is written out, keys of dicts alone
    are drawn, dicts of pairs are filled by loops, loops over combinations run over numbers, lists
    that are taken for arrays are made such, what `max` and `min` choose of numbers is branches, and
    dicts that are made of known ones are displays.
    """
    for written, leaves_copies in _BEFORE_SPLITTING:
        found = written(function, context)
        if found is not function:
            function = _inferred(early.sweep(found) if leaves_copies else found, context)
    return function


def _made_arrays(function: Function, context: Context) -> Function:
    """One list that is taken for an array may be made of another one."""
    made = as_arrays.written(function, context)
    while made is not function:
        function = _inferred(made, context)
        made = as_arrays.written(function, context)
    return function


#: Rewritings in order, and whether they leave copies behind.
_BEFORE_SPLITTING: list[tuple[Pass, bool]] = [
    (parts_of_arrays.written, False), (told_dtypes.written, False),
    (concatenators.written, False), (defaults.written, True),
    (distances.written, False), (missing_keys.written, True), (drawn_keys.written, False),
    (paired.written, False), (numbered_loops.written, False), (_made_arrays, False),
    (choices.written_out, True), (merged.written, False), (split_up.run, True),
]

#: What happens before the reverse pass; every stage up to here is runnable Python.
NORMALISE: list[tuple[str, str, Pass]] = [
    *early.STEPS,
    ("constants", "slices and tuples of literals become literals; stars of displays their items",
     lambda f, c: starred.opened(constants.fold(f))),
    ("resolve", "names and attributes of modules become the objects they mean, under guards",
     lambda f, c: resolve.callees(f, c)),
    ("inline", "straight-line helpers are written into their caller",
     lambda f, c: _helpers_in(
         keywords.spelled_out(partials.called(frozen.called(f, c))), c)),
    ("kinds", "what is known of every value's type, dtype and shape; methods of arrays resolved",
     lambda f, c: read_once.run(_with_derivatives(
         named_calls.as_items(called_tuples.as_methods(f, c), c), c), c)),
    ("augmented", "`x += v` on numbers, and on arrays that nobody else sees, is an addition",
     lambda f, c: augmented.settle(given_anew.settle(f, c), c)),
    ("propagate", "copies that inlining and settling left go; kinds again",
     lambda f, c: _split(_inferred(early.sweep(f), c), c)),
    ("drawing", "iterators that are drawn from in several places are a place in a sequence",
     lambda f, c: drawing.opened(starred.walked(starred.unions(f, c), c), c)),
    ("effects", "may some statement write memory that backward code reads?",
     _analysed),
    ("loops", "loops over active values run over an index",
     _index),
    ("shifts", "a maximum that is subtracted for stability, and cancels, has no cotangent",
     shifts.mark),
    ("squares", "squares of absolute values, norms and roots move as the smooth functions they are",
     squares.smoothed),
    ("activity", "what varies with wrt and matters to the result; refusals are planted",
     activity.mark),
    ("powers", "a product with one variable, twice or thrice, is one step",
     powers.gather),
]

#: How many of these are run once for all requests.
EARLY = len(early.STEPS)

#: Every stage that `s2sdiff dump --stage NAME` prints.
STAGES: tuple[str, ...] = (
    "lower", *(name for name, _, _ in NORMALISE), "forward", "backward", "assembled", "final",
)


