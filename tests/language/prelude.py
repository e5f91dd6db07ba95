"""The text of what rewritten code calls."""

from __future__ import annotations

__all__ = ["PRELUDE"]

#: What rewritten code calls.
PRELUDE = '''
import collections as z_collections
import contextlib as z_contextlib
import dataclasses as z_dataclasses
import functools as z_functools
import itertools as z_itertools
import operator as z_operator
import types as z_types

import numpy as z_np

z_true = True
z_zero = 0


class z_Box:
    def __init__(self, v):
        self.v = v

    def take(self):
        return self.v


class z_Pair(z_Box):
    @property
    def held(self):
        return self.take()


def z_same(v):
    return v


def z_held(v):
    box = {"v": [v]}
    return box.pop("v").pop()


def z_maker(v):
    def z_inner():
        return v
    return z_inner


def z_call(f, *args, **kwargs):
    return f(*args, **kwargs)


def z_each(values):
    for v in values:
        yield v


class z_Never(Exception):
    pass


def z_plain(f):
    @z_functools.wraps(f)
    def z_wrapper(*args, **kwargs):
        return f(*args, **kwargs)
    return z_wrapper


z_STACK = []


class z_Slot:
    __slots__ = ("v",)


class z_Setter:
    @property
    def held(self):
        return self._held

    @held.setter
    def held(self, v):
        self._held = v


class z_Own(dict):
    pass


class z_Called:
    def __init__(self, f):
        self.f = f

    def __call__(self, *args, **kwargs):
        return self.f(*args, **kwargs)


class z_Writer:
    def __init__(self, a):
        self.a = a

    def __setitem__(self, i, v):
        self.a[i] = v


@z_dataclasses.dataclass
class z_Data:
    v: object

    @classmethod
    def of(cls, v):
        return cls(v=v)


def z_apply(f, args, kwargs):
    return f(*args, **kwargs)


def z_listed(*values):
    return list(values)


def z_set(o, **fields):
    for name, v in fields.items():
        setattr(o, name, v)


def z_through_global(v):
    z_STACK.append(v)
    return z_STACK.pop()


def z_through_cell(v):
    kept = None
    def z_inner():
        nonlocal kept
        kept = v
    z_inner()
    return kept


def z_matched(v):
    match {"v": v}:
        case {"v": found}:
            return found


def z_read(o, name):
    return getattr(o, name)


def z_put(a, i, v):
    a[i] = v


def z_iadd(a, i, f, v):
    a[i] = f(a[i], v)


def z_copyto(a, i, v):
    if isinstance(a, z_np.ndarray) and isinstance(i, (int, slice)):
        z_np.copyto(a[i, ...], v)
    else:
        a[i] = v


def z_flat(a, i, v):
    if isinstance(a, z_np.ndarray) and a.ndim == 1 and isinstance(i, (int, slice)):
        a.flat[i] = v
    else:
        a[i] = v


def z_masked(a, i, v):
    if isinstance(a, z_np.ndarray) and z_np.ndim(v) == 0:
        z_mask = z_np.zeros(a.shape, bool)
        z_mask[i] = True
        z_np.putmask(a, z_mask, v)
    else:
        a[i] = v


def z_turned(a, i, v):
    if isinstance(a, z_np.ndarray) and isinstance(i, int):
        z_b = a.T
        z_b[..., i] = z_np.transpose(v)
    else:
        a[i] = v


@z_contextlib.contextmanager
def z_entered(v):
    z_STACK.append(v)
    try:
        yield v
    finally:
        z_STACK.pop()


class z_Context:
    def __init__(self):
        self.depth = 0

    def __enter__(self):
        self.depth += 1
        return self

    def __exit__(self, *found):
        self.depth -= 1
        return False
'''
