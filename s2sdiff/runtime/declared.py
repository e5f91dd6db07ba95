"""What users say of their classes: fields that are no variables, and what a class is made of."""

from __future__ import annotations

import dataclasses
import sys
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import numpy as np

from s2sdiff.errors import RuleError

__all__ = ["NAMESPACE", "constant_fields", "field", "is_constant", "register_differentiable",
           "registered"]

#: That of optree's registry in which classes are registered.
NAMESPACE = "s2sdiff"

_KEY = "differentiable"
_T = TypeVar("_T")


def field(*, differentiable: bool = True, metadata: Any = None, **options: Any) -> Any:
    """`dataclasses.field`, for a field that is, or is not, a variable.

    A field with `differentiable=False` is a constant: what is read from it has derivative zero,
    whatever was written into it, and gradients have None in it.  `move` keeps it as it is.

    Parameters
    ----------
    differentiable : bool
    metadata, **options
        As `dataclasses.field` takes them.  The mark is the entry `"differentiable"` of the
        field's metadata, which may as well be given there.

    Raises
    ------
    TypeError
        `differentiable` is no bool, or `dataclasses.field` knows no such option.

    Examples
    --------
    >>> import dataclasses, s2sdiff as sd
    >>> @dataclasses.dataclass
    ... class Spring:
    ...     stiffness: float
    ...     length: float = sd.field(differentiable=False, default=1.0)
    >>> sd.grad(lambda s, x: s.stiffness * (x - s.length) ** 2)(Spring(2.0), 4.0)
    Spring(stiffness=9.0, length=None)
    """
    if not isinstance(differentiable, (bool, np.bool_)):
        raise TypeError(f"field(differentiable={differentiable!r}): expected a bool. Instead, say "
                        "True or False.")
    return dataclasses.field(metadata={**(metadata or {}), _KEY: bool(differentiable)}, **options)


def is_constant(cls: Any, name: Any) -> bool:
    """Whether an attribute of a class's objects is a field that is marked as no variable."""
    found = _fields(cls).get(name)
    return found is not None and found.metadata.get(_KEY, True) is False


def constant_fields(cls: Any) -> frozenset[str]:
    """The names of a class's fields that are marked as no variables.

    >>> @dataclasses.dataclass
    ... class Spring:
    ...     stiffness: float
    ...     length: float = dataclasses.field(metadata={"differentiable": False})
    >>> constant_fields(Spring)
    frozenset({'length'})
    """
    fields = _fields(cls)
    if not fields:
        return _NONE
    return frozenset([n for n, f in fields.items() if f.metadata.get(_KEY, True) is False])


_NONE: frozenset[str] = frozenset()


def _fields(cls: Any) -> dict[str, Any]:
    for base in getattr(cls, "__mro__", ()):
        if "__dataclass_fields__" in base.__dict__:
            return base.__dict__["__dataclass_fields__"]
    return {}


# ------------------------------------------------------------------------- registered classes


def register_differentiable(
    cls: type[_T], flatten: Callable[[Any], tuple[Iterable[Any], Any]],
    unflatten: Callable[[Any, Any], Any],
) -> type[_T]:
    """Say what the objects of a class are made of, where that is not simply their attributes.

    Dataclasses, and other classes whose numbers are in attributes, need no registration: their
    gradients are objects of the same class, made without `__init__`, with a gradient in each
    attribute.  A registered class has its gradients, tangents and moved values made by `unflatten`.

    Parameters
    ----------
    cls : type
        No subclass of a container, a number or an array.  Subclasses are registered by themselves.
    flatten : callable
        `flatten(x)` gives `(children, rest)`: the attributes that are differentiated, as they are,
        and anything else that it takes to make such an object.
    unflatten : callable
        `unflatten(rest, children)` makes an object; children may be None.

    Returns
    -------
    `cls`

    Raises
    ------
    TypeError
        `cls` is no class, or one that has a structure already, or a function is none.
    RuleError
        The class is registered already.

    Notes
    -----
    The table is optree's, in its namespace `"s2sdiff"`; what is registered with optree for all
    namespaces counts, too.

    Examples
    --------
    >>> import s2sdiff as sd
    >>> class Line:
    ...     def __init__(self, slope, name):
    ...         self.slope, self.name = slope, name
    >>> sd.register_differentiable(Line, lambda x: ((x.slope,), x.name),
    ...                            lambda name, children: Line(*children, name))
    <class 's2sdiff.runtime.declared.Line'>
    >>> gradient = sd.grad(lambda line, x: line.slope * x)(Line(2.0, "a"), 3.0)
    >>> gradient.slope, gradient.name
    (3.0, 'a')
    """
    if not isinstance(cls, type):
        raise TypeError(f"register_differentiable: cls is a {type(cls).__name__}. Instead, pass "
                        "the class itself.")
    if issubclass(cls, _STRUCTURED):
        raise TypeError(f"register_differentiable: {cls.__qualname__} is a number, an array or a "
                        "container, whose structure is known. Instead, register a class that "
                        "holds one in an attribute.")
    for name, given in (("flatten", flatten), ("unflatten", unflatten)):
        if not callable(given):
            raise TypeError(f"register_differentiable: {name} is a {type(given).__name__}. "
                            "Instead, pass a function.")
    import optree

    register: Any = optree.register_pytree_node  # its types ask for collections
    try:
        register(cls, flatten, unflatten, namespace=NAMESPACE)
    except ValueError:
        raise RuleError(f"register_differentiable: {cls.__qualname__} is registered already. "
                        "Instead, register each class once.") from None
    return cls


_STRUCTURED = (int, float, complex, str, bytes, tuple, list, dict, set, frozenset, deque,
               np.ndarray, np.generic, type)


def registered(cls: Any) -> Any:
    """What was registered for a class, with `flatten_func` and `unflatten_func`; else None."""
    optree = sys.modules.get("optree")
    if optree is None or issubclass(cls, _STRUCTURED):
        return None
    return optree.register_pytree_node.get(cls, namespace=NAMESPACE)
