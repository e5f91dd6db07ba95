"""Forward mode as callables, and what code that is differentiated again makes of its calls."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from s2sdiff import registry
from s2sdiff.arguments import signature_names
from s2sdiff.cache import is_ruled, record_of, state_of
from s2sdiff.compiler import Compiled, compile_for
from s2sdiff.dispatch import linked, picked
from s2sdiff.kinds import Kind
from s2sdiff.nested_calls import rule_again, ruled
from s2sdiff.nested_holders import Held, applied, found_when_run, held, of_text
from s2sdiff.runtime import calls, nested, quick_pushed, spelling, standins, stars, tangents
from s2sdiff.runtime.arrays import match
from s2sdiff.runtime.batches import running
from s2sdiff.runtime.carried_runs import carrying
from s2sdiff.runtime.in_step import zero_tangent
from s2sdiff.runtime.leaves import filled_with
from s2sdiff.runtime.nested import listed, spelled
from s2sdiff.runtime.tangents import gathered_dots
from s2sdiff.runtime.users_names import by_name, marked
from s2sdiff.runtime.values import has_source
from s2sdiff.transforms import derivatives_inside
from s2sdiff.transforms.context import Request
from s2sdiff.turned import turned_code

__all__ = ["pushed", "pushed_code"]


def pushed(fn: Any, slots: tuple[Any, ...], places: bool = False, outer: bool = False) -> Any:
    """The callable giving `(value, tangent)`; after `fn`'s arguments come tangents of `slots`.

    With `places`, the table of tangents by place comes last; `outer` is what an operator asks for.
    """
    many, carried = running() is not None, carrying() is not None
    links, key = record_of(fn).links, (slots, "jvp", places, outer, many, carried)
    found = links.get(key)
    return found if found is not None else links.setdefault(
        key, _pushed(fn, slots, places, outer, many, carried))


def pushed_code(fn: Any, slots: tuple[Any, ...], args: tuple) -> Any:
    """The generated function of forward mode for these positional arguments."""
    if nested.is_derivative(fn):
        fn = nested.generated(fn, args, {})
    elif not has_source(fn) or is_ruled(fn):
        fn = nested.called(fn, args, {})
    wrt, picks = picked(fn, slots)
    state = state_of(fn, Request("jvp", wrt, outer=True))
    function: Any = state.warm(fn, args, {}) or state.found(args, {})
    if all(key is None for _, key in picks):
        return function
    # A tangent of `*args` is a tuple: it is made of those that are given.
    count = len(args)
    dots = zip(function.__s2sdiff_dots__, _spelled_dots(fn, wrt, picks, count, {}), strict=True)
    given = [*[f"a{i}" for i in range(count)], *[f"{name}={dot}" for name, dot in dots]]
    names = [f"a{i}" for i in range(count + len(slots))]
    made = spelled("jvp_of", ", ".join(given), ", ".join(names), function, zero=zero_tangent)
    made.__s2sdiff_dots__ = tuple(names[count:])
    return made


def _pushed(fn: Any, slots: tuple[Any, ...], places: bool, outer: bool, many: bool,
            carried: bool) -> Any:
    wrt, picks = picked(fn, slots)
    state = state_of(fn, Request("jvp", wrt, places=places, outer=outer, many=many,
                                 carried=carried))
    owner: Callable[[], Any] = state.owner
    count = len(slots) + places
    plain = not any(key is not None for _, key in picks) and [at for at, _ in picks] == [
        *range(len(wrt))]

    def code(args: tuple, kwargs: dict[str, Any]) -> Any:
        fn: Any = owner()
        given_now = args[:len(args) - count]
        function: Any = state.warm(fn, given_now, kwargs) or state.found(given_now, kwargs)
        names, _ = listed(args, kwargs)
        first = len(args) - count
        given = [f"a{i}" for i in range(first)] + by_name(kwargs)
        dots = [*_spelled_dots(owner(), wrt, picks, first, kwargs), f"a{len(args) - 1}"]
        given += [f"{d}={dots[i]}" for i, d in enumerate(function.__s2sdiff_dots__)]
        return spelled("jvp_of", ", ".join(given), names, function, zero=zero_tangent)

    def derivative(*args: Any, **kwargs: Any) -> Any:
        args, dots = args[:len(args) - count], args[len(args) - count:]
        fn: Any = owner()
        function: Any = state.warm(fn, args, kwargs) or state.found(args, kwargs)
        if plain and not kwargs and not function.__code__.co_kwonlyargcount and \
                function.__code__.co_argcount == len(args) + count:
            return function(*args, *dots)
        if not plain:
            tangents, table = dots[:len(slots)], dots[len(slots):]
            dots = (*gathered_dots(fn, wrt, picks, tangents, args, kwargs), *table)
        return function(*args, **kwargs, **dict(zip(function.__s2sdiff_dots__, dots, strict=True)))

    made: Any = derivative
    made.__s2sdiff_generated__, made.__s2sdiff_owner__ = code, owner
    made.__s2sdiff_state__ = state if plain else None
    made.__name__ = made.__s2sdiff_name__ = f"{spelling.stem(fn)}_jvp"
    how = ", True" if places else ""
    made.__s2sdiff_source__ = f"rt.pushed({spelling.spelled(fn)}, {slots!r}{how})"
    made.__s2sdiff_from__ = spelling.importable(fn)
    return made


def _spelled_dots(fn: Any, wrt: tuple[str, ...], picks: list[tuple[int, Any]], first: int,
                  kwargs: dict[str, Any]) -> list[str]:
    """`gathered_dots` as text: of arguments `a0, a1, …` those from `first` on are the tangents."""
    positional, _, keyword, _ = signature_names(fn)
    found: list[Any] = [None] * len(wrt)
    for i, (at, key) in enumerate(picks):
        dot = f"a{first + i}"
        if key is None:
            found[at] = dot
        elif isinstance(key, int):
            found[at] = found[at] or [f"zero(a{k})" for k in range(len(positional), first)]
            found[at][key] = dot
        else:
            found[at] = found[at] or {k: f"zero({marked(k)})" for k in kwargs
                                      if k not in positional and k not in keyword}
            found[at][key] = dot
    return [x if isinstance(x, str) else f"({''.join(f'{e}, ' for e in x)})"
            if isinstance(x, list) else
            f"{{{', '.join(f'{k!r}: {e}' for k, e in x.items())}}}" for x in found]


def _call_of(args: tuple, kwargs: dict[str, Any], kept: bool = False) -> Any:
    """`rt.call(wrt, fn, *args)` as the generated code that it runs, where that is one function."""
    wrt, fn, *rest = args
    fn = standins.for_call(fn, kwargs) or fn
    holds = held(fn, tuple(rest), kwargs)
    if holds is not None:
        again = _call_of((holds.shifted(wrt), holds.function, *holds.first.values(), *rest),
                         {**holds.more, **kwargs}, kept)
        return _of_held(holds, ["slots"], again, wrt, args, kwargs)
    rule = rule_again(fn, tuple(rest), kwargs)
    made: Any = ruled(rule, wrt, tuple(rest), kwargs, False, kept) \
        if rule is not None and not rule.constant \
        else _code_of(fn, lambda f: linked(f, wrt, kept, False), tuple(rest), kwargs)
    names, _ = listed(args, kwargs)
    given = ", ".join([*[f"a{i + 2}" for i in range(len(rest))], *by_name(kwargs)])
    return spelled("call_of", given, names, made)


def _apply_of(args: tuple, kwargs: dict[str, Any]) -> Any:
    """`rt.apply(fn, args, kwargs)`: a call of so many arguments, by these names."""
    fn, given, named = args

    def called(wrt: tuple) -> Any:
        names, handed = listed(given, named)
        code = _call_of((wrt, fn, *given), named, True)
        return spelled("called", ", ".join(["None, None", handed]), names, code)

    return applied(fn, given, named, called, False)


def _push_of(args: tuple, kwargs: dict[str, Any]) -> Any:
    """`rt.push(wrt, dots, fn, *args)`, as `_call_of`."""
    wrt, dots, fn, *rest = args
    if nested.is_derivative(fn):
        fn = nested.again(fn, tuple(rest), kwargs)
    holds = held(fn, tuple(rest), kwargs)
    if holds is not None:
        again = _push_of((holds.shifted(wrt), dots, holds.function, *holds.first.values(), *rest),
                         {**holds.more, **kwargs})
        return _of_held(holds, ["slots", "a1"], again, wrt, args, kwargs)
    names, _ = listed(args, kwargs)
    given = [f"a{i + 3}" for i in range(len(rest))]
    named = by_name(kwargs)
    rule = rule_again(fn, tuple(rest), kwargs)
    if rule is None:
        made = _code_of(fn, lambda f: pushed(f, wrt), (*rest, *dots), kwargs)
        moved = [f"a1[{i}]" for i in range(len(wrt))]
        return spelled("push_of", ", ".join([*given, *moved, *named]), names, made)
    if type(kwargs.get("out")) is tuple:
        raise found_when_run(fn)  # which is written is in there
    made = _pushed_rule(fn, wrt, tuple(rest), kwargs)
    if made is None and not rule.writes and not rule.constant:
        round = turned_code(fn, wrt, tuple(rest), kwargs)
        if round is not None:
            everything = ", ".join([*given, *map(marked, kwargs)])
            return _turned(", ".join([*given, *named]), everything, names, len(wrt), fn, round)
        return _transposed(", ".join([*given, *named]), names, len(wrt))
    if made is None:
        raise found_when_run(fn)
    named += [f"{d}=a1[{i}]" for i, d in enumerate(made.__s2sdiff_dots__)]
    return spelled("push_of", ", ".join([*given, *named]), names, made)


def _of_held(holds: Held, before: list[str], again: Any, wrt: tuple[Any, ...], args: tuple,
             kwargs: dict[str, Any]) -> Any:
    """A call of what holds arguments, which are constant in it, as that of what it calls."""
    count = len(before) + 1
    given = holds.spelled(args[count:], kwargs, count)
    names, _ = listed(args, kwargs)
    text = (f"def held({names}):\n"
            f"    return again({', '.join([*before, 'function', *[given] * bool(given)])})\n")
    return of_text(text, "held", {"again": again, "slots": holds.shifted(wrt),
                                  "function": holds.function, "holder": holds.holder})


def _pushed_rule(fn: Any, wrt: tuple[Any, ...], args: tuple, kwargs: dict[str, Any]) -> Any:
    """Forward mode of a function with a rule, written for what its arguments have turned out to be.

    Where the rule would again be transposed when it runs, there is no code to differentiate.
    """
    names, given = listed(args, kwargs)
    plain = spelled("called", given, names, fn)
    pairs = picked(plain, wrt)[0]
    state = state_of(plain, Request("jvp", pairs))
    made: Any = state.warm(plain, args, kwargs) or state.found(args, kwargs)
    return None if "push" in made.__code__.co_names else made


@functools.lru_cache(maxsize=256)
def _transposed(given: str, parameters: str, count: int) -> Any:
    """`rt.push` of a rule whose pullback is transposed when it runs, as code."""
    dots = "a1[0]" if count == 1 else "a1"
    text = (f"def push_of({parameters}):\n"
            f"    value, pullback = call(a0, a2, {given})\n"
            f"    _, back = call((0,), pullback, filled_with(value, 1.0))\n"
            f"    return value, match(back({dots}), value)\n")
    return of_text(text, "push_of", {"call": calls.call, "filled_with": filled_with,
                                      "match": match})


def _turned(given: str, all_given: str, parameters: str, count: int, fn: Any, code: Any) -> Any:
    """The same where there is code that turns the pullback round."""
    dots = "a1[0]" if count == 1 else "a1"
    text = (f"def push_of({parameters}):\n"
            f"    value = function({given})\n"
            f"    _, back = code(filled_with(value, 1.0), {all_given})\n"
            f"    return value, match(back({dots}), value)\n")
    return of_text(text, "push_of", {"function": fn, "code": code, "filled_with": filled_with,
                                      "match": match})


def _code_of(fn: Any, link: Callable[[Any], Any], args: tuple, kwargs: dict[str, Any]) -> Any:
    if nested.is_derivative(fn):
        fn = nested.again(fn, args, kwargs)
    if not has_source(fn) or registry.find(fn) is not None:
        raise found_when_run(fn)
    return nested.generated(link(fn), args, kwargs)


def _compiled(fn: Any, slots: tuple[int, ...], kinds: tuple[Kind, ...]) -> Compiled | None:
    """What is generated for forward mode, and arguments of these kinds."""
    positional, star, keyword, mapping = signature_names(fn)
    if star or keyword or mapping or len(positional) != len(kinds) or is_ruled(fn) or \
            not has_source(fn):
        return None
    names = tuple([positional[s] for s in slots])
    made = compile_for(fn, Request("jvp", names, outer=True),
                       dict(zip(positional, kinds, strict=True)))
    count = made.function.__code__.co_argcount
    plain = not made.function.__code__.co_kwonlyargcount and count == len(kinds) + len(slots)
    return made if plain else None


derivatives_inside.forward = _compiled

nested.OPERATORS[calls.call] = _call_of
nested.OPERATORS[calls.call_kept] = functools.partial(_call_of, kept=True)
nested.OPERATORS[stars.apply] = _apply_of
nested.OPERATORS[tangents.push] = _push_of

tangents.forward = pushed
quick_pushed.states = lambda fn, names: state_of(fn, Request("jvp", names))
nested.load = of_text
