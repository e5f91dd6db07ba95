"""Which of its arguments a rule has cotangents for."""

import inspect

import numpy as np

__all__ = ["known_to"]


def known_to(rule, args, value):
    """The names of those for which the pullback gives something; there is one."""
    bars = tuple(map(np.ones_like, value)) if isinstance(value, tuple) else np.ones_like(value)
    entries = rule.function(*args)[1](bars)
    entries = entries if isinstance(entries, tuple) else (entries,)
    names = rule.wrt or tuple(inspect.signature(rule.function).parameters)
    known = [n for n, e in zip(names, entries, strict=True) if e is not None
             and e is not NotImplemented]
    assert known
    return known
