"""Lists of points and values that functions keep by hand: where they lie, and how one is found."""

import itertools
import re

import pytest

import s2sdiff as sd
from tests.from_text import run_text

KEPT = "|".join(["what an earlier call has computed", "walks over active values", "uses it up"])
HELPERS = """\
import bisect
import functools
import types

import numpy as np


def find(ks, x):
    for i, k in enumerate(ks):
        if k == x:
            return i
    return -1


def put(items, v):
    items.append(v)


def look(ks, vs, x):
    for k, v in zip(ks, vs):
        if k == x:
            return v
    return None


def save(ks, vs, x, r):
    ks.append(x)
    vs.append(r)
"""
#: Where they lie: what stands before, their names, and what stands behind.
LIE = {
    "a global": ("KS = []\nVS = []\n", "KS", "VS", ""),
    "a class": ("class C:\n    KS = []\n    VS = []\n", "C.KS", "C.VS", ""),
    "a module": ("M = types.ModuleType('M')\nM.KS = []\nM.VS = []\n", "M.KS", "M.VS", ""),
    "a namespace": ("M = types.SimpleNamespace(KS=[], VS=[])\n", "M.KS", "M.VS", ""),
    "a dict": ("M = dict(KS=[], VS=[])\n", "M['KS']", "M['VS']", ""),
    "a list": ("M = [[], []]\n", "M[0]", "M[1]", ""),
    "a tuple": ("M = ([], [])\n", "M[0]", "M[1]", ""),
    "an object": ((
        "class C:\n    def __init__(self):\n        self.KS = []\n        self.VS = []\n"
        "c = C()\n"), "c.KS", "c.VS", ""),
    "an object in another": ((
        "class C:\n    def __init__(self):\n        self.KS = []\n        self.VS = []\n"
        "class D: pass\nd = D()\nd.c = C()\n"), "d.c.KS", "d.c.VS", ""),
    "the function": ("", "f.KS", "f.VS", "f.KS = []\nf.VS = []\n"),
    "its defaults": ("", "KS", "VS", "DEF"),
    "what a helper gives": (
        "KS = []\nVS = []\ndef ks(): return KS\ndef vs(): return VS\n", "ks()", "vs()", ""),
    "properties": ((
        "class C:\n    def __init__(self):\n        self._k = []\n        self._v = []\n"
        "    @property\n    def KS(self): return self._k\n    @property\n"
        "    def VS(self): return self._v\nc = C()\n"), "c.KS", "c.VS", ""),
}
#: How the value of a point that is known is found, before it is computed and kept.
STORED = "r = x * x\nK.append(x)\nV.append(r)\nreturn r"
FOUND = {
    "in": "if x in K: return V[K.index(x)]",
    "loop": "for i in range(len(K)):\n    if K[i] == x: return V[i]",
    "zip": "for k, v in zip(K, V):\n    if k == x: return v",
    "enum": "for i, k in enumerate(K):\n    if abs(k - x) < 1e-12: return V[i]",
    "next": (
        "v = next((v for k, v in zip(K, V) if k == x), None)\n"
        "if v is not None: return v"),
    "comp": "m = [v for k, v in zip(K, V) if k == x]\nif m: return m[0]",
    "any": "if any(k == x for k in K): return V[[k == x for k in K].index(True)]",
    "helperfind": "i = find(K, x)\nif i >= 0: return V[i]",
    "flag": (
        "hit = False\n"
        "for k in K:\n"
        "    hit = hit or k == x\n"
        "if hit: return V[K.index(x)]"),
    "min": (
        "if K:\n"
        "    i = min(range(len(K)), key=lambda j: abs(K[j] - x))\n"
        "    if abs(K[i] - x) < 1e-12: return V[i]"),
    "npin": (
        "if len(K) and np.isclose(K, x).any(): return V[int(np.argmax(np.isclose(K, x)))]"),
    "map": "if True in map(lambda k: k == x, K): return V[K.index(x)]",
    "count": "if K.count(x): return V[K.index(x)]",
    "set": "if x in set(K): return V[K.index(x)]",
    "dictz": "dd = dict(zip(K, V))\nif x in dd: return dd[x]",
    "rev": "for i in reversed(range(len(K))):\n    if not K[i] != x: return V[i]",
    "while": "i = 0\nwhile i < len(K) and K[i] != x: i += 1\nif i < len(K): return V[i]",
    "sub": "for i, k in enumerate(K):\n    if not (k - x): return V[i]",
    "round": "for i, k in enumerate(K):\n    if round(k, 9) == round(x, 9): return V[i]",
    "hash": "for i, k in enumerate(K):\n    if hash(k) == hash(x): return V[i]",
    "str": "for i, k in enumerate(K):\n    if str(k) == str(x): return V[i]",
    "order": "for i, k in enumerate(K):\n    if k <= x and x <= k: return V[i]",
    "tuplekey": "for i, k in enumerate(K):\n    if (k, 1) == (x, 1): return V[i]",
    "listkey": "for i, k in enumerate(K):\n    if [k] == [x]: return V[i]",
    "npeq": (
        "for i, k in enumerate(K):\n"
        "    if np.all(np.array([k]) == np.array([x])): return V[i]"),
    "match": "for i, k in enumerate(K):\n    match k == x:\n        case True: return V[i]",
    "sortd": "s = sorted(zip(K, V))\nfor k, v in s:\n    if k == x: return v",
    "sum": "w = sum(v * (k == x) for k, v in zip(K, V))\nif w: return w",
    "where": (
        "w = float(np.sum(np.where(np.array(K + [0.0]) == x, np.array(V + [0.0]), 0.0)))\n"
        "if w: return w"),
    "reduce": (
        "w = functools.reduce(lambda a, kv: kv[1] if kv[0] == x else a, zip(K, V), None)\n"
        "if w is not None: return w"),
}
#: The same, with another way to keep it.
WHOLE = {
    "try": (
        "try:\n"
        "    return V[K.index(x)]\n"
        "except ValueError:\n"
        "    r = x * x\n"
        "    K.append(x); V.append(r)\n"
        "    return r"),
    "last": (
        "if K and K[-1] == x: return V[-1]\n"
        "r = x * x\n"
        "K[:] = [x]; V[:] = [r]\n"
        "return r"),
    "helperstore": (
        "if x in K: return V[K.index(x)]\n"
        "r = x * x\n"
        "put(K, x); put(V, r)\n"
        "return r"),
    "helperboth": (
        "got = look(K, V, x)\n"
        "if got is not None: return got\n"
        "r = x * x\n"
        "save(K, V, x, r)\n"
        "return r"),
    "bisect": (
        "i = bisect.bisect_left(K, x)\n"
        "if i < len(K) and K[i] == x: return V[i]\n"
        "r = x * x\n"
        "K.insert(i, x); V.insert(i, r)\n"
        "return r"),
    "iadd": (
        "if x in K: return V[K.index(x)]\n"
        "r = x * x\n"
        "a = K\n"
        "a += [x]\n"
        "b = V\n"
        "b += [r]\n"
        "return r"),
}
PROGRAMS = {**{name: f"{text}\n{STORED}" for name, text in FOUND.items()}, **WHOLE}


def cache(where, how):
    before, keys, values, behind = LIE[where]
    body = re.sub(r"\bK\b", keys, re.sub(r"\bV\b", values, PROGRAMS[how]))
    given = "x, KS=[], VS=[]" if behind == "DEF" else "x"
    body = body.replace("\n", "\n    ")
    text = f"{HELPERS}{before}def f({given}):\n    {body}\n" + behind.replace("DEF", "")
    return run_text(text, f"<{how} in {where}>", {"__name__": "kept"})["f"]


@pytest.mark.parametrize(("at", "where", "how"), [
    (i, *pair) for i, pair in enumerate(itertools.product(LIE, PROGRAMS))])
def test_an_answer_of_an_earlier_call_is_refused(at, where, how):
    f = cache(where, how)
    assert f(2.0) == 4.0
    assert f(1.5) == 2.25
    assert f(1.5) == 2.25
    run = (lambda: sd.grad(f)(1.5), lambda: sd.vjp(f, 1.5), lambda: sd.jvp(f, (1.5,), (1.0,)))
    with pytest.raises(sd.UnsupportedError, match=KEPT):
        run[at % 3]()


#: In these the search itself is refused, in whatever list.
REFUSED = ("bisect", "map", "dictz")


@pytest.mark.parametrize("how", [name for name in PROGRAMS if name not in REFUSED])
def test_another_point_has_its_derivative(how):
    f = cache("a global" if how != "last" else "an object", how)
    f(2.0)
    assert sd.grad(f)(1.5) == pytest.approx(3.0)
