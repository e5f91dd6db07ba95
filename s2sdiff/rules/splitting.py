"""Taking an array apart: `np.split` and its kin."""

from __future__ import annotations

import numpy as np

from s2sdiff.registry import constant, derivative
from s2sdiff.rules.shared import only_axis
from s2sdiff.runtime.several import filled, likes_of

__all__: list[str] = []


@derivative(of=np.split, wrt="ary")
def split(ary, indices_or_sections, axis=0):
    parts = np.split(ary, indices_or_sections, axis=axis)
    likes = likes_of(parts)
    return parts, lambda parts_bar: np.concatenate(filled(parts_bar, likes), axis=axis)


@derivative(of=np.array_split, wrt="ary")
def array_split(ary, indices_or_sections, axis=0):
    parts = np.array_split(ary, indices_or_sections, axis=axis)
    likes = likes_of(parts)
    return parts, lambda parts_bar: np.concatenate(filled(parts_bar, likes), axis=axis)


@derivative(of=np.hsplit, wrt="ary")
def hsplit(ary, indices_or_sections):
    parts = np.hsplit(ary, indices_or_sections)
    likes, axis = likes_of(parts), min(np.ndim(ary) - 1, 1)
    return parts, lambda parts_bar: np.concatenate(filled(parts_bar, likes), axis=axis)


@derivative(of=np.vsplit, wrt="ary")
def vsplit(ary, indices_or_sections):
    parts = np.vsplit(ary, indices_or_sections)
    likes = likes_of(parts)
    return parts, lambda parts_bar: np.concatenate(filled(parts_bar, likes), axis=0)


@derivative(of=np.dsplit, wrt="ary")
def dsplit(ary, indices_or_sections):
    parts = np.dsplit(ary, indices_or_sections)
    likes = likes_of(parts)
    return parts, lambda parts_bar: np.concatenate(filled(parts_bar, likes), axis=2)


if hasattr(np, "unstack"):

    @derivative(of=np.unstack, wrt="x")
    def unstack(x, /, *, axis=0):
        parts = np.unstack(x, axis=axis)
        likes = likes_of(parts)
        return parts, lambda parts_bar: np.stack(
            filled(parts_bar, likes), axis=only_axis(axis))


constant(likes_of)
