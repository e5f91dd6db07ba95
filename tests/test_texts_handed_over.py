"""A text of an active value that is handed to code which keeps the number in it: it is refused."""

import dataclasses
import functools  # noqa: F401 - the texts below use it
import types  # noqa: F401

import numpy as np
import pytest

import s2sdiff as sd
from tests.from_text import run_text

READ_BACK = "made of an active value .*read back into the result.*Instead, use the number itself"

#: What is said where a class has special methods that write.
UNSEEN = "writes, and runs without being called by its name|here without being called, and writes"


class Kept:
    """What reads numbers in texts, and keeps them, in many ways."""

    def __init__(self):
        self.value, self.text, self.rows, self.array, self.log = 0.0, None, [], np.zeros(2), []

    def update(self, text):
        self.value = float(text) ** 3

    def update_of(self, texts):
        self.value = float(texts[0]) ** 3

    def split(self, text):
        self.rows = [float(t) ** 3 for t in text.split(",")]

    def into_array(self, text):
        self.array[0] = text

    def by_kind(self, text):
        self.array = np.array([text], dtype="float64")

    def by_default(self, text, convert=float):
        self.value = convert(text) ** 3

    def by_digits(self, text):
        value = 0.0
        for i, c in enumerate(text.replace(".", "")):
            value += "0123456789".index(c) * 10.0 ** -i
        self.value = value ** 3

    def keep(self, text):
        self.text = text

    def kept(self):
        return float(self.text) ** 3

    def note(self, text):
        self.log.append(text)



class Unseen:
    """What is run without being called by its name."""

    def __init__(self):
        self.value = 0.0

    def __lshift__(self, text):
        self.value = float(text) ** 3
        return self

    def __setitem__(self, key, text):
        self.value = float(text) ** 3

    def __contains__(self, text):
        self.value = float(text) ** 3
        return True

    def __call__(self, text):
        self.value = float(text) ** 3

    @property
    def as_text(self):
        return str(self.value)

    @as_text.setter
    def as_text(self, text):
        self.value = float(text) ** 3


K, U = Kept(), Unseen()
FOUND = {"value": 0.0}
ITEMS = [0.0]


class Registered:
    def __init__(self, text):
        ITEMS.append(float(text) ** 3)


@dataclasses.dataclass
class Record:
    text: str

    def __post_init__(self):
        ITEMS.append(float(self.text) ** 3)


def update(kept, text):
    kept.value = float(text) ** 3


def put(found, text):
    found["value"] = float(text) ** 3


def put_first(items, text):
    items[0] = float(text) ** 3


def rebind(text):
    global LAST
    LAST = float(text) ** 3


def read_there(kept):
    kept.value = float(kept.text) ** 3


LAST = 0.0


#: By what it is called: what a function does with x, and what it gives.
WAYS = {
    "a method": ("K.update(repr(x))", "K.value"),
    "an f-string": ("K.update(f'{x:.12g}')", "K.value"),
    "by keyword": ("K.update(text=str(x))", "K.value"),
    "stars": ("K.update(*[str(x)])", "K.value"),
    "a method of the class": ("Kept.update(K, str(x))", "K.value"),
    "in a list": ("K.update_of([str(x)])", "K.value"),
    "in a tuple": ("K.update_of((str(x), 1))", "K.value"),
    "of several": ("K.split(f'{x},1')", "K.rows[0]"),
    "into an array": ("K.into_array(str(x))", "K.array[0] ** 3"),
    "by the name of a kind": ("K.by_kind(str(x))", "K.array[0] ** 3"),
    "by a default": ("K.by_default(str(x))", "K.value"),
    "by its digits": ("K.by_digits(str(x))", "K.value"),
    "kept and read": ("K.keep(repr(x))", "K.kept()"),
    "kept, and read by a helper": ("K.text = str(x); read_there(K)", "K.value"),
    "an operator": ("U << str(x)", "U.value"),
    "an item": ("U[0] = str(x)", "U.value"),
    "an attribute": ("U.as_text = str(x)", "U.value"),
    "membership": ("str(x) in U", "U.value"),
    "a call": ("U(str(x))", "U.value"),
    "by setattr": ("setattr(U, 'as_text', str(x))", "U.value"),
    "a partial": ("functools.partial(K.update)(str(x))", "K.value"),
    "a bound method": ("types.MethodType(Kept.update, K)(str(x))", "K.value"),
    "a class": ("Registered(str(x))", "ITEMS[-1]"),
    "a dataclass": ("Record(str(x))", "ITEMS[-1]"),
    "a function": ("update(K, repr(x))", "K.value"),
    "a dict": ("put(FOUND, str(x))", "FOUND['value']"),
    "a list": ("put_first(ITEMS, str(x))", "ITEMS[0]"),
    "a global name": ("rebind(str(x))", "LAST"),
    "a dict that is made here": ("found = {}; put(found, str(x))", "found['value']"),
    "a list that is made here": ("items = [0.0]; put_first(items, str(x))", "items[0]"),
    "a loop": ("[K.update(t) for t in f'{x} {x}'.split()]", "K.value"),
    "a cache": ("K.value if K.text == repr(x) else K.update(repr(x))", "K.value"),
}


@pytest.mark.parametrize("way", WAYS)
def test_number_that_is_kept_of_a_text_is_refused(way):
    does, gives = WAYS[way]
    f = run_text(f"def f(x):\n    {does}\n    return {gives}\n", f"<texts handed over, {way}>",
                 globals())["f"]
    K.__init__()
    assert f(1.7) == pytest.approx(1.7 ** 3)
    K.__init__()
    for run in (lambda: sd.grad(f)(1.7), lambda: sd.jvp(f, (1.7,), (1.0,))):
        with pytest.raises(sd.UnsupportedError, match=f"(?s){READ_BACK}|{UNSEEN}"):
            run()


def test_texts_that_are_only_kept_and_words_are_left_alone():
    def f(x, word):
        K.note(f"at {x}")
        K.keep(repr(x))
        K.log.append(str(x))
        scale(K, word)
        return x ** 3

    def scale(kept, word):
        kept.rows.append({"twice": float("2.0")}[word])

    K.__init__()
    assert sd.grad(f)(1.7, "twice") == pytest.approx(3 * 1.7 ** 2)
    assert K.log == ["at 1.7", "1.7"] and K.rows == [2.0]
