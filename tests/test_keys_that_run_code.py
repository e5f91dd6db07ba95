"""Special methods that run what no name tells: `eval`, `exec`, `globals`."""

import pytest

import s2sdiff as sd


class Tally:
    def __init__(self, x):
        self.x, self.sum = x, 0.0

    def add(self):
        self.sum += self.x ** 3
        return 1


class Key:
    def __init__(self, tally):
        self.tally = tally

    def __eq__(self, other):
        return self is other


class Evaluating(Key):
    def __hash__(self):
        return eval("self.tally.add()")


class ByAnotherName(Key):
    def __hash__(self):
        found = eval
        return found("t.add()", {"t": self.tally})


class Executing(Key):
    def __hash__(self):
        names = {"t": self.tally}
        exec("found = t.add()", names)
        return names["found"]


class ByGlobals(Key):
    def __hash__(self):
        return globals()["added"](self.tally)


class Equal(Key):
    __hash__ = object.__hash__

    def __eq__(self, other):
        return bool(eval("self.tally.add()"))


def added(tally):
    return tally.add()


def as_a_key(cls):
    def f(x):
        tally = Tally(x)
        kept = {cls(tally): 1.0}
        return tally.sum * len(kept)

    return f


def in_a_set(cls):
    def f(x):
        tally = Tally(x)
        kept = {cls(tally)}
        return tally.sum * len(kept)

    return f


def looked_for(cls):
    def f(x):
        tally = Tally(x)
        return [cls(tally)].index(1) + tally.sum

    return f


WAYS = {f"{cls.__name__} {way.__name__}": way(cls) for cls in (
    Evaluating, ByAnotherName, Executing, ByGlobals) for way in (as_a_key, in_a_set)}


@pytest.mark.parametrize("name", [*WAYS, "Equal looked_for"])
def test_a_method_that_runs_unknown_code_unseen_is_refused(name):
    f = WAYS.get(name) or looked_for(Equal)
    assert f(2.0) == 8.0
    for derivative in (lambda: sd.grad(f)(2.0), lambda: sd.vjp(f, 2.0),
                       lambda: sd.jvp(f, (2.0,), (1.0,))):
        with pytest.raises(sd.UnsupportedError, match="Instead, "):
            derivative()
