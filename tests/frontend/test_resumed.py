"""Generators that go on by steps: run plainly, they do what Python's own do."""

import contextlib

import pytest

from s2sdiff.errors import UnsupportedError
from s2sdiff.frontend.resumed import resumed
from s2sdiff.runtime.resuming import OPEN


@pytest.fixture(autouse=True)
def nothing_left_open():
    """No run ends here, which would let go of the generators that are left in a `try`."""
    yield
    OPEN.frames.clear()


def counted(log, n):
    for k in range(n):
        if k == 1:
            continue
        log.append(k)
        got = yield k * n
        log.append(got)
    else:
        yield "else"
    return "returned"


def while_else(log, n):
    while n > 0:
        n -= 1
        if n == 3:
            break
        yield n
    else:
        log.append("else")
        yield -1
    yield n


def branches(log, n):
    if n > 2:
        yield "more"
        log.append(n)
    elif n == 2:
        yield "two"
    else:
        return (yield "less")
    yield (yield n), (yield (yield "inner") or "nothing")


def tried(log, n):
    for k in range(n):
        try:
            yield k
            if k == 1:
                raise KeyError(k)
            log.append("done")
        except (KeyError, ValueError) as e:
            log.append(str(e))
            yield "handled"
            if k == 2:
                raise
        else:
            yield "else"
        finally:
            log.append("finally")


@contextlib.contextmanager
def noted(log, name):
    log.append("enter " + name)
    try:
        yield name
    except ValueError:
        log.append("swallowed")
    finally:
        log.append("leave " + name)


def managed(log, n):
    with noted(log, "a") as a, noted(log, "b"):
        for k in range(n):
            yield a, k
    yield "behind"


def matched(log, n):
    for item in ([n], [n, 2], {"k": n}, 0):
        match item:
            case [x]:
                yield x
            case [x, y]:
                yield x
                yield y
            case {"k": v}:
                log.append(v)
            case _:
                return


def walrus(log, n):
    while (got := (yield n)) is not None and got > (yield "bound"):
        n += got
        log.append(n)


def augmented(log, n):
    total, box = 0, [1, 2]
    total += yield total
    box[0] += (yield box[1]) or 5
    yield total, box, (n if n > 2 else (yield "small"))


def captured(log, n):
    functions, k = [], 0
    for k in range(n):
        functions.append(lambda: k)

        def own(k=k):
            return k * n

        yield own()
    yield [f() for f in functions], sum(k * i for i in range(3))


def final(log, n):
    try:
        log.append("body")
    finally:
        yield n
        log.append("behind")


def inner(log, n):
    got = yield from counted(log, n)
    yield got
    yield from tried(log, n)


FUNCTIONS = [counted, while_else, branches, tried, managed, matched, walrus, augmented, captured,
             final, inner]


def run(make, function, n, acts):
    """What is given and raised, and what is written down, act by act."""
    log = []
    it, seen = make(function)(log, n), []
    for act, what in acts:
        try:
            seen.append(next(it) if act == "next" else getattr(it, act)(*what))
        except BaseException as error:
            seen.append((type(error), str(error), getattr(error, "value", None)))
        seen.append(list(log))
    return seen


ACTS = {
    "next": [("next", ())] * 14,
    "send": [("next", ())] + [("send", (k,)) for k in (3, 4, 1, 7)] + [("next", ())] * 8,
    "throw": [("next", ()), ("throw", (ValueError("no"),))] + [("next", ())] * 8,
    "throw later": [("next", ())] * 4 + [("throw", (KeyError("k"),))] + [("next", ())] * 4,
    "close": [("next", ())] * 2 + [("close", ()), ("next", ())],
    "close at first": [("close", ()), ("next", ())],
}


#: What is sent or thrown through `yield from` is refused, which has a test of its own.
PAIRS = [(f, acts) for f in FUNCTIONS for acts in ACTS
         if f is not inner or acts in ("next", "close at first")]


@pytest.mark.parametrize(("function", "acts"), PAIRS)
def test_steps_do_what_the_generator_does(function, acts):
    for n in (0, 1, 2, 3, 5):
        assert run(resumed, function, n, ACTS[acts]) == run(lambda f: f, function, n, ACTS[acts])


def deletes(n):
    for k in range(n):
        yield k
    del k


def looks(n):
    yield locals()


def jumps(n):
    for _ in range(n):
        try:
            continue
        finally:
            yield n


@pytest.mark.parametrize("function", [deletes, looks, jumps], ids=lambda f: f.__name__)
def test_what_has_no_steps_is_refused(function):
    with pytest.raises(UnsupportedError, match=r"is a generator .*Instead, "):
        resumed(function)
