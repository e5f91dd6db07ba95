"""Special methods of keys that run what no name tells, as `eval`, or that count their calls."""

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


class Found(Key):
    def __hash__(self):
        return getattr(self.tally, "ad" + "d")()


class FoundInALoop(Key):
    def __hash__(self):
        for name in ("add",):
            method = getattr(self.tally, name)
            found = method()
        return found


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


CLASSES = (Evaluating, ByAnotherName, Executing, ByGlobals, Found, FoundInALoop)
WAYS = {f"{cls.__name__} {way.__name__}": way(cls)
        for cls in CLASSES for way in (as_a_key, in_a_set)}


@pytest.mark.parametrize("name", [*WAYS, "Equal looked_for"])
def test_a_method_that_runs_unknown_code_unseen_is_refused(name):
    f = WAYS.get(name) or looked_for(Equal)
    assert f(2.0) == 8.0
    for derivative in (lambda: sd.grad(f)(2.0), lambda: sd.vjp(f, 2.0),
                       lambda: sd.jvp(f, (2.0,), (1.0,))):
        with pytest.raises(sd.UnsupportedError, match="Instead, "):
            derivative()


class Clock:
    def __init__(self):
        self.n = 0

    def tick(self):
        self.n += 1


class Counted(Clock):
    def __hash__(self):
        self.n = self.n + 1
        return 1


class CountedByAMethod(Clock):
    def __hash__(self):
        self.tick()
        return 1


class CountedUnderAnotherName(Clock):
    def count(self):
        self.n += 1
        return 1

    __hash__ = count


class CountedAsEqual(Clock):
    __hash__ = object.__hash__

    def __eq__(self, other):
        self.n += 1
        return self is other


class CountedByAnother:
    def __init__(self):
        self.clock = Clock()

    @property
    def n(self):
        return self.clock.n

    def __hash__(self):
        self.clock.tick()
        return 1


@pytest.mark.parametrize("cls", [
    Counted, CountedByAMethod, CountedByAnother, CountedUnderAnotherName])
def test_keys_that_count_how_often_they_are_asked_are_refused(cls):
    def f(x):
        key = cls()
        kept = {key: x}
        kept[key] = x * 2.0
        return x * key.n + kept[key]

    assert f(1.5) == 6.0
    for derivative in (lambda: sd.vjp(f, 1.5), lambda: sd.jvp(f, (1.5,), (1.0,))):
        with pytest.raises(sd.UnsupportedError, match="__hash__ writes.*Instead, "):
            derivative()


def test_items_that_count_how_often_they_are_compared_are_refused():
    def f(x):
        items = [CountedAsEqual(), CountedAsEqual()]
        return x * items.index(items[1]) * items[0].n

    assert f(1.5) == 1.5
    for derivative in (lambda: sd.vjp(f, 1.5), lambda: sd.jvp(f, (1.5,), (1.0,))):
        with pytest.raises(sd.UnsupportedError, match="__eq__ writes.*Instead, "):
            derivative()


class ByFields:
    """As many classes are: what they are equal by is read by names."""

    fields = ("a", "b")

    def __init__(self, a, b):
        self.a, self.b = a, b
        self.kept = None

    def __hash__(self):
        if self.kept is None:
            self.kept = hash(tuple(getattr(self, name) for name in self.fields))
        return self.kept

    def __eq__(self, other):
        return all(getattr(self, name) == getattr(other, name) for name in self.fields)


def test_keys_that_are_told_apart_by_fields_and_keep_their_hash_are_followed():
    def f(x):
        kept = {ByFields(1, 2): x, ByFields(1, 3): x * x}
        kept[ByFields(1, 2)] = x ** 3
        return kept[ByFields(1, 2)] * kept[ByFields(1, 3)]

    sd.check_grads(f, (0.7,))
