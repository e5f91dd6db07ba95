"""Methods that run without being called, and that write what the derivative needs."""

import bisect
import collections
import copy
import functools
import itertools
import json
import math
import operator
import os
import pickle
import statistics

import numpy as np
import pytest

import s2sdiff as sd
from tests.from_text import run_text
from tests.slopes import check_both_modes


class Held:
    def __init__(self, m):
        self.m = m

    def written(self, value):
        self.m[1] *= 3.0
        return value


class S(Held):
    def __str__(self):
        return self.written("a")


class R(Held):
    def __repr__(self):
        return self.written("a")


class F(Held):
    def __format__(self, how):
        return self.written("a")


class H(Held):
    def __hash__(self):
        return self.written(1)

    def __bytes__(self):
        return self.written(b"1")

    def __index__(self):
        return self.written(1)

    def __round__(self, digits=None):
        return self.written(1)

    def __trunc__(self):
        return self.written(1)

    def __floor__(self):
        return self.written(1)

    def __copy__(self):
        return self.written(self)

    def __dir__(self):
        return self.written([])

    def __complex__(self):
        return self.written(1j)

    def __divmod__(self, other):
        return self.written(1)

    def __reversed__(self):
        return self.written(iter([1]))

    def __length_hint__(self):
        return self.written(1)

    def __call__(self):
        return self.written(1)

    def __fspath__(self):
        return self.written("a")

    def __array__(self, *args, **options):
        return self.written(np.zeros(2))

    def __reduce__(self):
        return self.written((list, ()))

    def __float__(self):
        return self.written(1.0)


class N(Held):
    def __array_ufunc__(self, *args, **options):
        return self.written(1.0)

    def __array_function__(self, *args, **options):
        return self.written(1.0)


class Given(Held):
    """An iterator, of another class than what is walked over."""

    count = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.count += 1
        if self.count > 2:
            raise StopIteration
        return self.written(1.0)


class Walked(Held):
    def __iter__(self):
        return Given(self.m)


class Once(Held):
    """It counts how often it is asked for an iterator."""

    left = 2

    def __iter__(self):
        return self.written(self)

    def __next__(self):
        self.left -= 1
        if self.left < 0:
            raise StopIteration
        return self.written(1.0)


class Told:
    def __get__(self, owner, cls=None):
        owner.m[1] *= 3.0
        return 1.0

    def __set__(self, owner, value):
        owner.m[1] *= 3.0

    def __delete__(self, owner):
        owner.m[1] *= 3.0


class W(Held):
    d = Told()


RIGHT = """
t = list(once)
a, b = once
t = sum(once)
t = str(spelled)
t = str(shown)
t = repr(shown)
t = repr(spelled)
t = ' '.join([str(shown)])
t = ' '.join(map(str,[spelled]))
t = hash(asked)
t = round(asked)
t = int(asked)
t = copy.copy(asked)
t = float(asked)
t = list(reversed(asked))
t = asked()
t = next(given)
t = next(given); y=y*t
t = list(walked)
t = [*walked]
t = sum(walked)
t = tuple(walked)
t = max(walked)
t = sorted(walked)
a,b = walked
t = dict(zip(walked,[1]))
t = list(itertools.islice(walked,1))
t = list(itertools.chain(walked,[1]))
t = collections.deque(walked)
t = all(walked)
t = told.d
told.d=1
del told.d
t = getattr(told,'d')
setattr(told,'d',1)
t = math.fsum(walked)
t = np.array(list(walked))
t = statistics.mean(walked)
t = json.dumps(list(walked))
t = asked if asked else 1
t = asked==1
t = [asked]==[1]
t = asked in [1]
t = isinstance(1,type(asked))
assert x>0, spelled
t = sum([asked.m[0]])
t = m.reshape(asked,3) if False else 1
""".strip().splitlines()

CONSTANTS = """
for v in once: pass
t = [v for v in once]
t = list(map(lambda v: v, once))
t = range(asked)
t = [0,1,2][asked:]
t = math.trunc(asked)
t = math.floor(asked)
t = copy.deepcopy(asked)
t = dir(asked)
t = complex(asked)
t = m+numeric
t = m*numeric
for v in walked: pass
t = [v for v in walked]
t = list(zip(walked,[1,2]))
t = list(enumerate(walked))
t = list(map(lambda v:v,walked))
t = functools.reduce(lambda a,b:a,walked)
t = 1.0 in walked
l = []; l.extend(walked)
t = np.fromiter(walked,float)
t = math.floor(asked)+math.ceil(asked.m[0])
t = m[:asked]
t = [1,2,3][:asked]
t = 'a'*asked
t = [1]*asked
t = chr(asked)
t = bin(asked)
t = list(range(asked)); y=y*len(t)
for v in range(asked): y=y*1.5
""".strip().splitlines()

OTHERS = """
t = any(v > 3 for v in walked)
t = format(formed)
t = format(spelled)
t = format(shown)
t = f'{spelled}'
t = '%s'%spelled
t = '%s'%shown
t = '%r'%shown
t = '{}'.format(formed)
t = str([shown])
t = str({'a':shown})
t = repr((shown,))
t = {asked:1}
t = {asked}
t = set([asked])
t = dict.fromkeys([asked])
d = {}; d[asked]=1
d = {}; t=d.get(asked)
d = {}; t=asked in d
d = {}; d.setdefault(asked,1)
t = bytes(asked)
t = [1,2][asked]
t = m[asked]
t = x*[1,2][asked]; y=y*t
t = divmod(asked,2)
t = operator.length_hint(asked)
t = os.fspath(asked)
t = np.asarray(asked)
t = np.array([asked])
t = np.sum(asked)
t = np.sin(numeric)
t = np.add(numeric,1)
t = np.sum(numeric)
t = np.concatenate([numeric])
t = hasattr(told,'d')
t = math.sqrt(asked)
t = [asked].index(asked)
t = pickle.dumps(asked)
t = Exception(shown).args
t = str(Exception(spelled))
t = f'{Exception(spelled)}'
t = 'abc'[asked]
t = math.comb(3,asked)
t = math.gcd(asked,2)
t = np.zeros(asked)
t = np.full(asked,x); y=y*t[0]
""".strip().splitlines()

CLASSES = {"spelled": S, "shown": R, "formed": F, "asked": H, "numeric": N, "given": Given,
           "walked": Walked, "told": W, "once": Once}


MODULES = (bisect, collections, copy, functools, itertools, json, math, operator, os, pickle,
           statistics)


def program(expression, entry):
    made = "".join([f"    {name} = {cls.__name__}(m)\n" for name, cls in CLASSES.items()
                    if name in expression])
    source = (f"def f(x):\n    m = np.array([1.5, {entry}, 2.5])\n{made}    y = np.sum(m * x)\n"
              f"    {expression}\n    return y + np.sum(m * m) * x\n")
    scope = {**{m.__name__: m for m in MODULES}, **globals()}
    return run_text(source, f"<{expression} of {entry}>", scope)["f"]


@pytest.mark.parametrize("expression", RIGHT)
def test_what_it_writes_is_followed_where_it_varies(expression):
    check_both_modes(program(expression, "x"), 0.83)


@pytest.mark.parametrize("expression", [*RIGHT, *CONSTANTS])
def test_constants_that_it_writes_are_kept_as_they_were(expression):
    check_both_modes(program(expression, "0.7"), 0.83)


@pytest.mark.parametrize("entry", ["x", "0.7"], ids=["what varies", "constants"])
@pytest.mark.parametrize("expression", [*CONSTANTS, *OTHERS])
def test_it_is_right_or_refused(expression, entry):
    f, x = program(expression, entry), 0.83
    right = f(x), (f(x + 1e-6) - f(x - 1e-6)) / 2e-6
    for run in (lambda: sd.value_and_grad(f)(x), lambda: sd.jvp(f, (x,), (1.0,))):
        try:
            found = run()
        except sd.UnsupportedError as error:
            assert "Instead, " in str(error)
        else:
            assert found == pytest.approx(right, rel=1e-6)


class Equal(Held):
    def __eq__(self, other):
        self.m[0] *= 0.5
        return True

    def __hash__(self):
        return self.written(1)

    def __call__(self, v):
        return v * self.m[1]

    def __getattr__(self, name):
        raise AttributeError(name)


@pytest.mark.parametrize("entry", ["x", "0.7"], ids=["what varies", "constants"])
@pytest.mark.parametrize("expression", ["e != x", "x != e", "e == x", "x == e", "1.0 != e",
                                        "e != None", "not e != e"])
def test_what_tells_that_it_is_equal_tells_that_it_is_not(expression, entry):
    text = (f"def f(x):\n    m = np.array([{entry}, 2.0])\n    e = Equal(m)\n"
            f"    y = x if {expression} else x * x\n    return y * m[0] + m[0] * x\n")
    check_both_modes(run_text(text, f"<{expression} of {entry}>", dict(globals()))["f"], 0.83)


def test_nobody_asks_for_the_hash_of_what_is_called():
    def f(x):
        m = np.array([x, 2.0])
        e = Equal(m)
        return e(x) + m[1] * x

    check_both_modes(f, 0.83)


class Truth(Held):
    def __bool__(self):
        return self.written(True)


def test_none_or_a_number_is_asked_for_its_truth_beside_a_class_that_writes():
    def met(x):
        m = np.array([x, 2.0])
        return x if Truth(m) else x * m[1]

    def f(x):
        last, s = None, x
        for turn in range(3):
            if not last:
                last = x
            s = s * last
            if turn == 1:
                last = None
        return s * x

    with pytest.raises(sd.UnsupportedError, match="__bool__ of a Truth"):
        sd.grad(met)(0.7)
    check_both_modes(f, 0.7)
    h = 1e-4
    assert sd.grad(sd.grad(f))(0.7) == pytest.approx(
        (f(0.7 + h) - 2 * f(0.7) + f(0.7 - h)) / h ** 2, rel=1e-5)


class Indexed(Held):
    def __iter__(self):
        return iter([self.written(1.0)])

    def __index__(self):
        return self.written(1)


def test_what_is_appended_is_differentiated_twice_beside_classes_that_write():
    def met(x):
        m = np.array([x, 2.0])
        return sum(Indexed(m)) * m[1]

    def f(x):
        rows = [np.array([x, 0.2])]
        joined = np.append(rows[0], math.sin(x))
        return joined[2] * joined[0]

    check_both_modes(met, 0.7)
    h = 1e-4
    expected = pytest.approx((f(0.7 + h) - 2 * f(0.7) + f(0.7 - h)) / h ** 2, rel=1e-5)
    assert sd.jvp(sd.grad(f), (0.7,), (1.0,))[1] == expected
    assert sd.grad(sd.grad(f))(0.7) == expected
