"""Classes with methods that run without being called by name, and that write.

`len(o)`, `o == p`, `f"{o}"` and `x in items` are taken to write nothing where nobody knows the
class; what is in here are the exceptions that the program has shown so far.  Code that was made
before one was met is made again.
"""

from __future__ import annotations

import sys
import weakref
from collections import deque
from collections.abc import Callable
from typing import Any

from s2sdiff import registry
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.own_fields import own_fields
from s2sdiff.runtime.plain_classes import check_hashed, module_of
from s2sdiff.runtime.special_names import RUN_BY_PYTHON

__all__ = [
    "NUMPY", "alive", "any_of", "called_when_held", "drawn_from_objects", "expect", "handing_over",
    "hands_over", "judge", "lets_write", "look_through", "may_write", "meet", "met_late", "note",
    "of", "of_user", "putting", "settled", "special", "state", "varies", "varying", "yielding",
]

#: Set by the compiler: the names of the methods and properties of a class that write unseen.
judge: Callable[[type], frozenset[str]] | None = None

#: Set by the compiler: what is noted of a class that has methods of containers' names.
named_alike: Callable[[type], frozenset[str]] | None = None

#: Set by the compiler: by class the names under which it lets other objects write, now that one
#: more class was met among those that are known.
handing_over: Callable[[type, Any], dict[type, frozenset[str]]] | None = None
#: Set by the compiler: whether what is given leads to an object that writes when a class's method
#: of this name asks it.
reaches: Callable[[type, str, tuple], bool] | None = None

#: Set by the compiler: whether a method of a class of this name may ask an object that writes, of
#: one of these classes.
alive: Callable[[type, str, Any], bool] | None = None

_NONE: frozenset[str] = frozenset()


class _State:
    """What was met: by class the names under which it writes, and those of all together."""

    __slots__ = ("alive", "called", "handing", "known", "late", "names")

    def __init__(self) -> None:
        self.known: Any = weakref.WeakKeyDictionary()
        #: Those of which an object was at hand, and not only the name, where code is made.
        self.alive: Any = weakref.WeakSet()
        #: Of these names, those under which others write.
        self.handing: Any = weakref.WeakKeyDictionary()
        #: The attributes, so noted, that such methods may call if there is a function in them.
        self.called = _NONE
        #: Those in `late` were met while code ran that was made before.
        self.names = self.late = _NONE


state = _State()


def meet(cls: Any) -> bool:
    """`note` a class of which an object is at hand; whether it is the first one."""
    check_hashed(cls)
    if cls in state.alive:
        return False
    note(cls)
    if cls not in state.known:
        return False
    state.alive.add(cls)
    return True


def note(cls: Any) -> None:
    """Look at a class, once; one of a library, or that is not written in Python, has none such."""
    check_hashed(cls)
    if cls in state.known or not of_user(cls):
        return
    assert judge is not None
    state.known[cls] = _NONE
    try:
        found = state.known[cls] = judge(cls)
    except BaseException:
        del state.known[cls]
        raise
    expect(found)
    assert named_alike is not None
    expect(named_alike(cls))
    assert handing_over is not None
    for other, names in handing_over(cls, list(state.known)).items():
        if not names <= state.known[other]:
            state.handing[other] = names
            state.known[other] |= names
            expect(names)


def may_write(x: Any, name: str) -> bool:
    """Whether a method of an object may write; by way of others, if the object leads to such."""
    cls = class_of(x)
    if name not in state.handing.get(cls, _NONE):
        return True
    # Those of two operands may ask the other one; an attribute is read of one object.
    of_two = name.startswith("__") and name not in _OF_ONE
    return of_two or hands_over(cls, name, (x,))


_OF_ONE = frozenset({"__len__", "__bool__", "__str__", "__repr__", "__hash__", "__iter__",
                     "__next__", "__float__", "__int__", "__index__", "__reversed__", "__format__"})


def hands_over(cls: type, name: str, given: tuple) -> bool:
    """Whether a class writes under a name by way of others, and something given leads to such."""
    assert reaches is not None
    return name in state.handing.get(cls, _NONE) and reaches(cls, name, given)


def lets_write(cls: type, name: str) -> bool:
    """Whether a class writes under a name by itself, or by way of a class that has objects."""
    assert alive is not None
    return name not in state.handing.get(cls, _NONE) or alive(cls, name, state.alive)


def expect(names: frozenset[str]) -> None:
    """From now on some class writes under these names; code that did not know is made again."""
    if not names <= state.names:
        new = names - state.names
        state.late |= special(new) | frozenset(filter(varies, new))
        state.names |= names
        registry.epoch += 1


#: What a program may run in: a notebook's `exit`, among the user's own names, leads there.
_HOSTS = frozenset({"IPython", "ipykernel", "traitlets", "pytest", "_pytest", "pluggy", "debugpy"})
#: Their special methods write nothing of the user's, and they have hundreds of them.
_TAME = frozenset({*sys.stdlib_module_names, *_HOSTS, "numpy", "scipy", "pandas", "sympy", "mpmath",
                   "numba", "llvmlite", "matplotlib", "mpl_toolkits", "PIL", "cycler", "dateutil",
                   "fontTools", "joblib", "packaging", "pkg_resources", "pyparsing", "setuptools",
                   "threadpoolctl", "typing_extensions", "s2sdiff"}) - {"__main__"}


def is_tame(module: str | None) -> bool:
    """Of a library, whose code writes nothing of the user's unseen."""
    return (module or "").partition(".")[0] in _TAME


def of_user(cls: Any) -> bool:
    return isinstance(cls, type) and bool(cls.__flags__ & 1 << 9) and not is_tame(module_of(cls))


def of(cls: Any) -> frozenset[str]:
    """The names under which a class writes unseen."""
    return state.known.get(cls, _NONE) if isinstance(cls, type) else _NONE


def any_of(names: frozenset[str] | None) -> bool:
    """Whether some class that was met writes under one of these; None: any special method's."""
    found = bool(special(state.names) if names is None else state.names & names)
    if heard is not None:
        heard(names, found)
    return found


#: Set by the compiler: it notes what was asked, by which names ("all": by which there are), and
#: what was answered.
heard: Callable[[Any, Any], None] | None = None


#: What NumPy and its kin ask.
_FOR_ARRAYS = ("__array", "__dlpack")


def special(names: frozenset[str]) -> frozenset[str]:
    """Those of methods that run without an attribute being read.

    >>> sorted(special(frozenset({"__len__", "__getattr__", "__doc__", "__clone__", "size"})))
    ['__len__']
    """
    return frozenset([n for n in names if n in RUN_BY_PYTHON or n.startswith(_FOR_ARRAYS)])


def drawn_from_objects() -> bool:
    """Whether `__next__` of some class that was met writes, and not generators alone."""
    if heard is not None:
        heard("all", state.names)
    return any("__next__" in names for names in state.known.values())


def called_when_held(name: Any) -> str:
    """How it is noted that a method calls what an object holds as an attribute."""
    return f"{name}()"


def varying(name: str) -> str:
    """How it is noted that a comparison of some class may give something with a derivative."""
    return f"{name} varies"


def putting(name: str) -> str:
    """How it is noted that a method which is named as a container's may keep things elsewhere."""
    return f"{name} puts"


def yielding(name: str) -> str:
    """How it is noted that some class has a generator of this name."""
    return f"{name} yields"


def varies(note: str) -> bool:
    return note.endswith(" varies")


#: Some class is asked by NumPy's functions what they give.
NUMPY = varying("numpy")


def settled() -> None:
    """All code that runs from now on is made with what is known."""
    state.late = _NONE


def met_late(cls: Any) -> frozenset[str]:
    """The names under which a class writes, and that the code that is running does not know of."""
    return state.late & of(cls) if state.late else _NONE


def look_through(x: Any) -> None:
    """Meet the classes of an argument and of all that it holds."""
    seen: set[int] = set()
    waiting = [x]
    while waiting:
        x = waiting.pop()
        check_hashed(class_of(x))
        if class_of(x) in _PASSED or id(x) in seen:
            continue
        seen.add(id(x))
        if isinstance(x, dict):
            # Its class may have methods of these names, and the object be half made.
            waiting.extend(_varied(dict.values(x) if not dict.__contains__(x, "__loader__") else [
                v for k, v in dict.items(x) if k not in _IMPORTED]))
            waiting.extend(_varied(dict.keys(x)))
        elif isinstance(x, (list, tuple, set, frozenset, deque)):
            waiting.extend(_varied(x))
        if isinstance(x, type):
            note(x)  # objects of it may be made
        elif of_user(class_of(x)):
            meet(class_of(x))
            waiting.extend(own_fields(x).values())


_PLAIN = frozenset({int, float, complex, bool, str, bytes, type(None)})
#: Nothing of a user's is told by these; a weak reference may lead to what is no more.
_PASSED = _PLAIN | set(weakref.ProxyTypes)


#: What the import leaves in a module's names leads to whoever imports: a debugger, a test runner.
_IMPORTED = frozenset({"__loader__", "__spec__", "__builtins__"})


def _varied(items: Any) -> Any:
    """The items, if there is anything but numbers among them."""
    try:
        return items if not set(map(class_of, items)) <= _PLAIN else ()
    except TypeError:
        return items  # one of the classes has no hash, and is refused when its turn comes
