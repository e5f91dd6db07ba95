"""Texts of active values that are keys, or lie in displays, and that another method reads back."""

import itertools
import json

import numpy as np
import pytest

import s2sdiff as sd
from tests.from_text import run_text

PLACES = {
    "a key": ("self.table[{}] = 1.0", "list(self.table)[0]"),
    "a key that is walked over": ("self.table[{}] = 1.0", "[k for k, _ in self.table.items()][0]"),
    "a key in an update": ("self.table.update({{{}: 1.0}})", "sorted(self.table)[0]"),
    "an item": ("self.lines.append({})", "self.lines[-1]"),
    "a value": ("self.table['a'] = {}", "self.table['a']"),
    "in a tuple": ("self.text = (1, {})", "self.text[1]"),
    "in a set": ("self.words.add({})", "next(iter(self.words))"),
}
READS = ["float({})", "json.loads({})", "np.array([{}]).astype(float)[0]"]
TEXT = """
class Store:
    def __init__(self):
        self.table, self.lines, self.words, self.text = {{}}, [], set(), None
    def key(self, x):
        return repr(x)
    def put(self, x):
        {put}
    def put_text(self, text):
        {put_text}
    def number(self):
        return {read}
    def lines_kept(self):
        return len(self.lines) + len(self.table)
SHARED = Store()
def local(x):
    store = Store()
    store.put(x)
    return store.number() * x
def shared(x):
    SHARED.put(x)
    return SHARED.number() * x
def by_a_key(x):
    store = Store()
    store.put_text(store.key(x))
    return store.number() * x
def noted(x):
    SHARED.put(x)
    return x * x + 0.0 * SHARED.lines_kept()
"""


def made(place, read):
    put, get = PLACES[place]
    text = TEXT.format(put=put.format("repr(x)"), put_text=put.format("text"),
                       read=read.format(get))
    return run_text(text, f"<texts in {place}: {read}>", {
        "json": json, "np": np, "__name__": __name__})


@pytest.mark.parametrize("place, read", [
    *[(place, READS[0]) for place in PLACES],
    *itertools.product(("a key", "an item"), READS[1:])])
def test_a_number_that_is_read_back_is_refused(place, read):
    for name in ("local", "shared", "by_a_key"):
        for operator in (lambda f: sd.vjp(f, 2.0), lambda f: sd.jvp(f, (2.0,), (1.0,))):
            with pytest.raises(sd.UnsupportedError, match="read back into the result"):
                operator(made(place, read)[name])


@pytest.mark.parametrize("place", PLACES)
def test_what_nobody_reads_back_is_kept(place):
    assert sd.grad(made(place, READS[0])["noted"])(2.0) == 4.0
    assert sd.jvp(made(place, READS[0])["noted"], (2.0,), (1.0,)) == (4.0, 4.0)
