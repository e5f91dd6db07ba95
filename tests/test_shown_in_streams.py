"""Numbers that are shown in streams: printed to files, and kept as text in `io.StringIO`."""

import io
import sys

import pytest

import s2sdiff as sd
from tests.slopes import check_both_modes


def to_a_stream(x):
    print("x is", x, file=sys.stderr)
    return x * x


def to_one_of_two(x, out=None):
    out = out or sys.stderr
    print(f"{x:.3f}", file=out, flush=True)
    sys.stdout.write(f"{x}\n")
    return x * x


class Log:
    def __init__(self, stream):
        self.stream, self.n = stream, 0

    def say(self, text):
        self.n += 1
        print(f"[{self.n}] {text}", file=self.stream)


def by_an_object(x):
    log = Log(io.StringIO())
    for k in range(3):
        x = x * x + k
        log.say(f"x = {x}")
    return x


def noted(stream, x):
    stream.write(f"{x}\n")
    return 2.0 * x


def by_a_helper(x):
    stream = io.StringIO()
    for _ in range(2):
        x = noted(stream, x * x)
    return x


@pytest.mark.parametrize("f", (to_a_stream, to_one_of_two, by_an_object, by_a_helper))
def test_a_number_may_be_shown_in_a_stream(f):
    check_both_modes(f)


def test_what_is_printed_is_printed_once():
    def f(x, stream):
        print(x, x * x, file=stream, sep=";")
        return x * x

    for run in (lambda s: sd.grad(f)(2.0, s), lambda s: sd.jvp(f, (2.0, s), (1.0, None))):
        stream = io.StringIO()
        run(stream)
        assert stream.getvalue() == "2.0;4.0\n"


def read(stream):
    return float(stream.getvalue())


def summed(stream):
    return sum(float(line) for line in stream)


class Counting:
    def __init__(self):
        self.total = 0.0

    def write(self, text):
        if text.strip():
            self.total += float(text)


def read_by_a_helper(x):
    stream = io.StringIO()
    stream.write(str(x))
    return read(stream) * x


def walked_by_a_helper(x):
    stream = io.StringIO()
    stream.write(str(x))
    stream.seek(0)
    return summed(stream) * x


def printed_and_read(x):
    stream = io.StringIO()
    print(x, file=stream)
    return read(stream) * x


def counted_with(x):
    counting = Counting()
    print(x, file=counting)
    return counting.total * x


@pytest.mark.parametrize("f", (
    read_by_a_helper, walked_by_a_helper, printed_and_read, counted_with))
def test_a_number_is_not_read_back_from_a_stream(f):
    for run in (lambda: sd.grad(f)(2.0), lambda: sd.jvp(f, (2.0,), (1.0,))):
        with pytest.raises(sd.DifferentiationError, match="Instead, "):
            run()
