"""`np.einsum` with any subscripts: implicit output, ellipsis, repeated labels, broadcasting."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from s2sdiff.registry import constant, derivative
from s2sdiff.rules.shared import refuse_out, static, unsupported
from s2sdiff.runtime import place, unbroadcast
from s2sdiff.runtime.later import Later

__all__ = ["labels_of"]

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def labels_of(subscripts: str, ranks: list[int]) -> tuple[list[str], str]:
    """Explicit labels of the operands and of the result, with letters for an ellipsis.

    >>> labels_of("...ij,jk", [3, 2])
    (['aij', 'jk'], 'aik')
    """
    inputs, _, result = subscripts.replace(" ", "").partition("->")
    terms = inputs.split(",")
    unused = [c for c in LETTERS if c not in subscripts]
    most = max([rank - len(t.replace("...", "")) for t, rank in zip(terms, ranks, strict=True)
                if "..." in t], default=0)
    dots = "".join(unused[:most])
    if "->" not in subscripts:
        result = "..." * ("..." in inputs) + met_once(terms)
    spelled = []
    for term, rank in zip(terms, ranks, strict=True):
        own = rank - len(term.replace("...", ""))
        spelled.append(term.replace("...", dots[len(dots) - own:] if own else ""))
    return spelled, result.replace("...", dots)


# Texts and lengths alone.
constant(labels_of)


def met_once(terms: list[str]) -> str:
    """The labels of a result that is not spelled out.

    >>> met_once(["ij", "kj"])
    'ik'
    """
    named = "".join(terms).replace("...", "")
    return "".join(sorted(c for c in set(named) if named.count(c) == 1))


def interleaved(operands: tuple[Any, ...]) -> tuple[str, list[Any]]:
    """`einsum(x, [0, 1], y, [1], [0])` as subscripts and operands."""
    each = operands[1::2] if len(operands) % 2 == 0 else operands[1:-1:2]
    spelled = ["".join("..." if k is Ellipsis else LETTERS[k] for k in labels) for labels in each]
    subscripts = ",".join(spelled)
    if len(operands) % 2:
        subscripts += "->" + "".join("..." if k is Ellipsis else LETTERS[k] for k in operands[-1])
    return subscripts, list(operands[0 : 2 * len(spelled) : 2])


@static
def oriented(subscripts: Any) -> tuple[bool, bool, bool] | None:
    """Of a product of two matrices: which of the operands and the result stand as in `x @ y`.

    >>> oriented("ij,jk->ik"), oriented("ji,jk -> ki"), oriented("ij,jk"), oriented("ij,ij->i")
    ((True, True, True), (False, True, False), (True, True, True), None)
    """
    terms, arrow, z = subscripts.replace(" ", "").partition("->")
    x, _, y = terms.partition(",")
    z = z if arrow else met_once([x, y])
    if "." in subscripts or not len(x) == len(y) == len(z) == len({*x, *z}) - 1 == 2 or \
            {*x} ^ {*y} != {*z}:
        return None
    i = next(c for c in x if c in z)
    return x[0] == i, y[1] in z, z[0] == i


@static
def crossed(subscripts: Any) -> tuple[str, ...] | None:
    """The subscripts that give the cotangents of operands, where they are nothing but those.

    >>> crossed("ij,ij->i"), crossed("ij,k->k"), crossed("i,ij,j->")
    (('i,ij->ij', 'i,ij->ij'), None, (',ij,j->i', ',i,j->ij', ',i,ij->j'))
    """
    inputs, arrow, z = subscripts.replace(" ", "").partition("->")
    terms = inputs.split(",")
    z = z if arrow else met_once(terms)
    others = [terms[:k] + terms[k + 1:] for k in range(len(terms))]
    simple = "." not in subscripts and all(len({*t}) == len(t) for t in (*terms, z))
    if not simple or any({*t} - {*z}.union(*rest) for t, rest in zip(terms, others, strict=True)):
        return None
    return tuple([",".join([z, *rest]) + "->" + t for t, rest in zip(terms, others, strict=True)])


@derivative(of=np.einsum, wrt="operands")
def einsum(*operands, out=None, optimize=False, **kwargs):
    if out is not None:
        refuse_out("np.einsum")
    if kwargs:
        raise unsupported(f"np.einsum(..., {next(iter(kwargs))}=...) has no derivative here",
                          "cast the operands first")
    if not isinstance(operands[0], str) or optimize or not 3 <= len(operands) <= 4 or \
            not isinstance(operands[1], np.ndarray) or not isinstance(operands[2], np.ndarray):
        return general_einsum(operands, optimize)
    if len(operands) == 4:
        of_three = crossed(operands[0])
        if of_three is None or not isinstance(operands[3], np.ndarray):
            return general_einsum(operands, optimize)
        u, v, w = operands[1], operands[2], operands[3]
        shape_u, shape_v, shape_w = np.shape(u), np.shape(v), np.shape(w)
        for_u, for_v, for_w = of_three

        def pullback_of_three(z_bar):
            return Later({0: lambda: None,
                          1: lambda: unbroadcast(np.einsum(for_u, z_bar, v, w), shape_u),
                          2: lambda: unbroadcast(np.einsum(for_v, z_bar, u, w), shape_v),
                          3: lambda: unbroadcast(np.einsum(for_w, z_bar, u, v), shape_w)})

        return np.einsum(operands[0], u, v, w), pullback_of_three
    x, y = operands[1], operands[2]
    shape_x, shape_y = np.shape(x), np.shape(y)
    turns, back = oriented(operands[0]), crossed(operands[0])
    if turns is not None:
        x_first, y_first, z_first = turns

        def pullback_of_product(z_bar):
            left, right = x if x_first else x.T, y if y_first else y.T
            z = z_bar if z_first else z_bar.T
            x_bar = z @ right.T if x_first else right @ z.T
            y_bar = left.T @ z if y_first else z.T @ left
            return None, unbroadcast(x_bar, shape_x), unbroadcast(y_bar, shape_y)

        return np.einsum(operands[0], x, y), pullback_of_product
    if back is None:
        return general_einsum(operands, optimize)
    for_x, for_y = back

    def pullback(z_bar):
        x_bar = unbroadcast(np.einsum(for_x, z_bar, y), shape_x)
        return None, x_bar, unbroadcast(np.einsum(for_y, z_bar, x), shape_y)

    return np.einsum(operands[0], x, y), pullback


def general_einsum(operands, optimize):
    """`np.einsum` of any number of operands, with any subscripts."""
    by_name = isinstance(operands[0], str)
    subscripts, raw = (operands[0], list(operands[1:])) if by_name else interleaved(operands)
    arrays = [np.asarray(x) for x in raw]
    terms, result = labels_of(subscripts, [x.ndim for x in arrays])

    def pullback(z_bar):
        # As much for each as for the value.
        made: dict[Any, Any] = dict.fromkeys(range(len(operands)), lambda: None)
        for k in range(len(arrays)):
            made[k + 1 if by_name else 2 * k] = functools.partial(
                operand_back, z_bar, k, terms, result, arrays, optimize)
        return Later(made)

    return np.einsum(*operands, optimize=optimize), pullback


def operand_back(g: Any, k: int, terms: list[str], result: str, arrays: list[Any],
                 optimize: Any) -> Any:
    """The cotangent of one operand: the result's times all other operands."""
    own, shape = terms[k], arrays[k].shape
    unique = "".join(dict.fromkeys(own))
    others = [i for i in range(len(arrays)) if i != k]
    known = set(result).union(*[terms[i] for i in others])
    target = "".join(c for c in unique if c in known)
    inputs = ",".join([result, *[terms[i] for i in others]])
    lengths = dict(zip(own, shape, strict=True))
    bar = np.einsum(f"{inputs}->{target}", g, *[arrays[i] for i in others], optimize=optimize)
    # A length 1 that broadcast against a longer axis is summed over.
    summed = tuple(i for i, c in enumerate(target) if lengths[c] == 1 and bar.shape[i] != 1)
    bar = np.sum(bar, axis=summed, keepdims=True)
    # A label that only this operand has was summed over: its cotangent is the same everywhere.
    bar = np.reshape(bar, [bar.shape[target.index(c)] if c in target else 1 for c in unique])
    bar = np.broadcast_to(bar, [lengths[c] for c in unique])
    if unique == own:
        return bar
    index = tuple(np.reshape(np.arange(lengths[c]), [-1 if d == c else 1 for d in unique])
                  for c in own)
    return place(bar, shape, index)
