"""`vjp`, `hvp` and `linearize` inside of functions that are differentiated.

Each is code of the call's arguments that does the same with what can be differentiated.
"""

from __future__ import annotations

import types
from copy import deepcopy
from typing import Any

import numpy as np

from s2sdiff import arguments, dispatch, nested_holders, nested_memory
from s2sdiff.api import grad
from s2sdiff.cache import is_ruled, record_of
from s2sdiff.errors import NestedDerivativeError, refusal
from s2sdiff.forward import jvp
from s2sdiff.given_tangents import tuples
from s2sdiff.left_outside import leaves_something
from s2sdiff.runtime import nested, standins_solved
from s2sdiff.runtime.arrays import match
from s2sdiff.runtime.carried import class_of, plain_value
from s2sdiff.runtime.handed import given_back, handed
from s2sdiff.runtime.leaves import leaves_of
from s2sdiff.runtime.linear_helpers import of_list, part_of_array
from s2sdiff.runtime.memory_in_step import aligned
from s2sdiff.runtime.nested import generated, is_derivative, listed
from s2sdiff.runtime.outside import reads_places
from s2sdiff.runtime.own_fields import own_fields
from s2sdiff.runtime.planted import hooked
from s2sdiff.runtime.quick_functions_in_step import push_class, push_function, push_method
from s2sdiff.runtime.quick_pushed import quick_push
from s2sdiff.runtime.shadows import view_of
from s2sdiff.runtime.structures import holds_numbers
from s2sdiff.runtime.users_names import by_name
from s2sdiff.runtime.values import has_source, is_differentiable
from s2sdiff.surroundings import entered, left, may_write_outside, noted
from s2sdiff.transforms import effects
from s2sdiff.vector_products import vjp

__all__ = ["again_of", "instead_of_vjp", "of_hvp", "of_linearize", "of_vjp"]


def of_vjp(args: tuple, kwargs: dict[str, Any]) -> Any:
    """`vjp(f, *args, **kwargs)` as the generated code that it runs, with a pullback around it."""
    f, *rest = args
    f = arguments.target_of(f, "vjp")
    slots = tuple([i for i, a in enumerate(rest) if is_differentiable(a) or holds_numbers(a)])
    if _BY_GRADIENTS in _links(f) and _weighs(f, tuple(rest), kwargs):
        return _by_gradients(f, len(rest), slots)
    if is_derivative(f):
        f = generated(f, tuple(rest), kwargs)
    elif not has_source(f) or is_ruled(f):
        f = nested.called(f, tuple(rest), kwargs)
    made = dispatch.link(f, slots) or dispatch.derived(f, slots, kept=True)
    code = generated(made, tuple(rest), kwargs)
    names, _ = listed(args, kwargs)
    given = ", ".join([f"a{i + 1}" for i in range(len(rest))] + by_name(kwargs))
    # The call may make a list longer, and cotangents are those of what was there before.
    lists = [i + 1 for i in slots if type(rest[i]) is list] if effects.summary(f) else []
    before = "".join(f"    was{i} = list(a{i})\n" for i in lists)
    entries = {slot: f"match({'found' if len(slots) == 1 else f'found[{at}]'}, "
               f"{'was' if slot + 1 in lists else 'a'}{slot + 1})" for at, slot in enumerate(slots)}
    found = ", ".join(entries.get(i, "None") for i in range(len(rest)))
    text = (f"def vjp_of({names}):\n{before}    value, raw = code({given})\n\n"
            "    def pullback(cotangent):\n        found = raw(match(cotangent, value))\n"
            f"        return {found if len(rest) == 1 else f'({found},)'}\n\n"
            "    return value, pullback\n")
    return _kept(code, text, "vjp_of", match=match, code=code)


#: Among what is remembered of a function: the code of its pullback cannot be differentiated.
_BY_GRADIENTS = ("vjp", "by gradients")


def instead_of_vjp(args: tuple, kwargs: dict[str, Any]) -> bool:
    """Whether the pullback of a call, whose code is refused, is that of weighed sums now."""
    f, *rest = args
    f = arguments.target_of(f, "vjp")
    if not isinstance(f, types.FunctionType) or is_derivative(f) or \
            _BY_GRADIENTS in _links(f) or not _weighs(f, tuple(rest), kwargs):
        return False
    _links(f)[_BY_GRADIENTS] = True
    return True


def _weighs(f: Any, args: tuple, kwargs: dict[str, Any]) -> bool:
    """A call gives a real array or number, for such arguments, and leaves nothing."""
    return not kwargs and all(map(_is_real, args)) and _is_real(f(*deepcopy(args))) and \
        not leaves_something(f, args)


def _is_real(x: Any) -> bool:
    return isinstance(x, (float, int, np.floating)) or (
        type(x) is np.ndarray and x.dtype.kind in "fiub")


def _links(f: Any) -> dict[Any, Any]:
    return record_of(f).links if isinstance(f, types.FunctionType) else {}


def _by_gradients(f: Any, count: int, slots: tuple[int, ...]) -> Any:
    names, given = listed((None,) * count, {})
    kept = ", ".join(f"k{i}" for i in range(count))
    weighed = nested_holders.of_text(
        f"def weighed({names}, weights):\n    return summed(f({given}) * weights)\n", "weighed",
        {"f": f, "summed": np.sum})
    found = "made" if len(slots) == 1 else "made[{}]"
    entries = {slot: found.format(at) for at, slot in enumerate(slots)}
    result = ", ".join(entries.get(i, "None") for i in range(count))
    text = (f"def vjp_of(f, {names}):\n    value = f({given})\n" + "".join(
        f"    k{i} = copied(a{i})\n" for i in range(count)) +
        "\n    def pullback(cotangent):\n"
        f"        made = gradient({kept}, match(cotangent, value))\n"
        f"        return {result if count == 1 else f'({result},)'}\n\n"
        "    return value, pullback\n")
    gradient = grad(weighed, slots[0] if len(slots) == 1 else slots)
    return _kept(f, text, "vjp_of", match=match, copied=deepcopy, gradient=gradient)


def of_hvp(args: tuple, kwargs: dict[str, Any]) -> Any:
    """`hvp(f, primals, tangents)` as the tangent of the gradient, which it is."""
    f, primals, tangents = _named(*args, **kwargs)
    f = arguments.target_of(f, "hvp")
    primals, _ = tuples(primals, tangents, "hvp")
    slots = tuple([i for i, x in enumerate(primals) if is_differentiable(x) or holds_numbers(x)])
    if not slots:
        raise nested_holders.found_when_run(f)
    found = "made" if len(slots) == 1 else "made[{}]"
    entries = {slot: found.format(at) for at, slot in enumerate(slots)}
    result = ", ".join(entries.get(i, "None") for i in range(len(primals)))
    text = ("def hvp_of(f, primals, tangents):\n    made = jvp(gradient, primals, tangents)[1]\n"
            f"    return {result if len(primals) == 1 else f'({result},)'}\n")
    gradient = grad(f, slots[0] if len(slots) == 1 else slots)
    return _kept(f, text, "hvp_of", jvp=jvp, gradient=gradient)


def of_linearize(args: tuple, kwargs: dict[str, Any]) -> Any:
    """`linearize(f, *args)`: its differential runs `f` again, forwards, at copies of the point."""
    f, *rest = args
    f = arguments.target_of(f, "linearize")
    if kwargs or not rest or not all(map(_lies_as_copies, rest)):
        raise nested_holders.found_when_run(f)
    if _may_write_elsewhere(f, rest) and leaves_something(f, tuple(rest), False):
        raise refusal(NestedDerivativeError,
                      "linearize is given a function that may write what others see, inside of a "
                      "function that is differentiated, where the differential runs it again",
                      "take the derivative by vjp or jvp, which run it once")
    names, _ = listed(args, kwargs)
    held = {f"a{i + 1}": _may_be_written(a) for i, a in enumerate(rest)}
    kept = "".join(f"    k{n} = copied({n})\n" for n, copies in held.items() if copies)
    point = "".join(f"copied(k{n}), " if copies else f"{n}, " for n, copies in held.items())
    dots = ", ".join(f"d{i}" for i in range(len(rest)))
    text = (f"def linearize_of({names}):\n{kept}    value = f({', '.join(held)})\n\n"
            f"    def differential({dots}):\n"
            f"        return jvp(f, ({point}), ({dots},))[1]\n\n"
            "    return value, differential\n")
    return _kept(f, text, "linearize_of", f=f, jvp=jvp, copied=deepcopy)


def _may_write_elsewhere(f: Any, point: list[Any]) -> bool:
    """Whether a function may write anything but what it is given, of which it gets copies."""
    inner = nested.innermost(f)
    if not standins_solved.writes(inner):
        return False
    if inner is not f or not isinstance(f, types.FunctionType) or standins_solved.counts(f):
        return True
    if effects.summary(f, class_of(point[0])) <= {*f.__code__.co_varnames[:f.__code__.co_argcount]}:
        return False
    # Of attributes it is not known what writing into them does: it matters where it finds places.
    return reads_places(f, tuple(_classes_in(point)))


def _classes_in(x: Any) -> set[type]:
    """The classes of the objects in a value that holds no cycle."""
    if isinstance(x, dict):
        x = list(x.values())
    if isinstance(x, (list, tuple)):
        return set().union(*map(_classes_in, x))
    fields = own_fields(x) if not isinstance(x, (np.ndarray, np.generic)) else {}
    return {class_of(x)}.union(*map(_classes_in, fields.values()))


def again_of(f: Any, args: tuple, kwargs: dict[str, Any]) -> Any:
    """The rule of `checkpoint(f)` as code: the pullback calls `f` again, on what it was given."""
    # What `f` writes outside is put back unseen, where code that is differentiated reads it.
    if kwargs or not args or not all(map(_lies_as_copies, args)) or may_write_outside(f):
        raise nested_holders.found_when_run(f)
    names, given = listed(args, kwargs)
    kept = "".join(f"    c{i} = copied(a{i})\n" for i, a in enumerate(args)
                   if _may_be_written(a))
    held = given
    for i, a in enumerate(args):
        if _may_be_written(a):
            held = ", ".join(f"copied(c{i})" if n == f"a{i}" else n for n in held.split(", "))
    entries = "(found,)" if len(args) == 1 else "found"
    text = (f"def checkpointed({names}):\n{kept}    around = noted(f, ({given},), CHECKPOINT)\n"
            f"    value = f({given})\n\n"
            "    def pullback(bar):\n        now = entered(around)\n        try:\n"
            f"            _, back = vjp(f, {held})\n            found = back(bar)\n"
            "        finally:\n            left(now)\n"
            f"        return {entries}, {{}}\n\n    return value, pullback\n")
    return _kept(f, text, "checkpointed", f=f, vjp=vjp, copied=deepcopy, noted=noted,
                 entered=entered, left=left, CHECKPOINT="sd.checkpoint")


def _lies_as_copies(a: Any) -> bool:
    """Whether a copy has no gaps where the value has some, which `ravel` and its kin ask for."""
    return all(x.flags.forc or x.copy("K").strides == x.strides
               for x in map(plain_value, leaves_of(a)) if isinstance(x, np.ndarray))


def _may_be_written(a: Any) -> bool:
    """What `f` may write is copied: it runs again at the same point, each time that it is asked."""
    return not isinstance(a, (float, complex, np.inexact)) and holds_numbers(a)


_HANDED = nested_holders.of_text(
    "def handed(bar, x):\n    return match(bar, x)\n", "handed", {"match": match})
_GIVEN_BACK = nested_holders.of_text(
    "def given_back(entry, x):\n    return match(entry, x)\n", "given_back", {"match": match})


def _of_handed(args: tuple, kwargs: dict[str, Any]) -> Any:
    """What a user's rule is given, where that is a number or an array."""
    return _of_numbers(_HANDED, args[1])


def _of_given_back(args: tuple, kwargs: dict[str, Any]) -> Any:
    """What a user's rule gives, looked at here, where that is a number or an array."""
    given_back(*args)
    return _of_numbers(_GIVEN_BACK, args[1])


def _of_numbers(made: Any, x: Any) -> Any:
    if not isinstance(x, (float, complex, np.inexact, np.ndarray)):
        raise nested_holders.found_when_run(made)
    return made


_HOOKED = nested_holders.of_text(
    "def hooked(fn, bar):\n    private = np.array(bar) if isinstance(bar, np.ndarray) else bar\n"
    "    replaced = fn(private)\n"
    "    return private if replaced is None else match(replaced, bar)\n",
    "hooked", {"match": match, "np": np})


def _of_hooked(args: tuple, kwargs: dict[str, Any]) -> Any:
    """A hook is called in code that is differentiated again, with a number or an array."""
    return _of_numbers(_HOOKED, args[1])


nested.OPERATORS[aligned] = nested_memory.of_aligned
nested.OPERATORS[view_of] = nested_memory.of_view
nested.OPERATORS[hooked] = _of_hooked
nested.OPERATORS[handed] = _of_handed
nested.OPERATORS[given_back] = _of_given_back


_ASKED_ANEW = nested_holders.of_text(
    "def nothing(*args, **kwargs):\n    return None\n", "nothing", {})


def _no_quick_way(args: tuple, kwargs: dict[str, Any]) -> Any:
    """What takes a short way with plain numbers leaves it where it is itself differentiated."""
    return _ASKED_ANEW


for _quick in (quick_push, of_list, part_of_array, push_function, push_class, push_method):
    nested.OPERATORS[_quick] = _no_quick_way


def _named(f: Any, primals: Any, tangents: Any) -> tuple[Any, Any, Any]:
    return f, primals, tangents


def _kept(owner: Any, text: str, name: str, **names: Any) -> Any:
    """The function of a text, made once for the function that it is about."""
    # A method has the dict of its function, which other objects' methods have, too.
    own = {} if isinstance(owner, types.MethodType) else getattr(owner, "__dict__", {})
    known = own.setdefault("__s2sdiff_texts__", {})
    if text not in known:
        known[text] = nested_holders.of_text(text, name, names)
    return known[text]
