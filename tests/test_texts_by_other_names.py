"""Text of an active value that a function or a method keeps which has another name there."""

import io
import operator
import sys

import pytest

import s2sdiff as sd
from tests.slopes import check_both_modes


def into_a_stream(x):
    stream = io.StringIO()
    write = stream.write
    write(str(x * 2.0))
    return float(stream.getvalue()) * x


def into_a_list(x):
    texts = []
    put = texts.append
    put(repr(x * 2.0))
    return float(texts[0]) * x


class Kept:
    def __init__(self):
        self.texts = []

    def keep(self, text):
        self.texts.append(text)

    def last(self):
        return float(self.texts[-1])


def into_an_object(x):
    kept = Kept()
    keep = kept.keep
    keep(f"{x * 2.0}")
    return kept.last() * x


def formatted(x):
    form = "{:.17g}".format
    return float(form(x * 2.0)) * x


@pytest.mark.parametrize("f", [into_a_stream, into_a_list, into_an_object, formatted],
                         ids=lambda f: f.__name__)
def test_what_is_read_back_is_refused(f):
    for derivative in (lambda: sd.grad(f)(1.3), lambda: sd.jvp(f, (1.3,), (1.0,))):
        with pytest.raises(sd.DifferentiationError, match="Instead, "):
            derivative()


def looked_at(text):
    return len(text)


def shown(x):
    write, look = sys.stderr.write, looked_at
    write(f"{x}\n")
    look(f"{x}")
    return x * x


def test_what_is_shown_alone_is_left():
    check_both_modes(shown, 1.3)


def squared(v):
    return v * v


def called_by_another(x):
    found = []
    operator.call(found.append, operator.call(squared, x))
    return found[0] * operator.call(lambda v: v + 1.0, x)


def test_what_an_operator_calls_is_called():
    check_both_modes(called_by_another, 1.3)
