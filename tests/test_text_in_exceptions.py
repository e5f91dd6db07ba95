"""Exceptions with messages made of active values, which a handler ends without reading them."""

import pytest

import s2sdiff as sd


class Level:
    def __init__(self, x):
        self.x = x


def changed(level, other):
    level.x = level.x * 2
    if level.x != other.x:
        raise TypeError(f"{level.x} and {other.x}")


def by_percent(level, other):
    level.x = level.x * 3
    if level.x != other.x:
        raise ValueError("%s and %s" % (level.x, other.x))


def slope(f, x):
    return (f(x + 1e-6) - f(x - 1e-6)) / 2e-6


@pytest.mark.parametrize("step", [changed, by_percent])
def test_what_was_done_before_the_message_counts(step, capsys):
    def f(x):
        a, b = Level(x), Level(x * 7)
        try:
            step(a, b)
        except (TypeError, ValueError) as error:
            print(error)
            return x * a.x
        return x

    assert sd.grad(f)(0.4) == pytest.approx(slope(f, 0.4), rel=1e-6)
    assert "and 2.8" in capsys.readouterr().out


def test_in_the_body_itself_too():
    def f(x):
        a = Level(x)
        try:
            a.x = a.x * 3
            raise ValueError(f"it is {a.x}")
        except ValueError:
            return x * a.x

    assert sd.grad(f)(0.4) == pytest.approx(2.4)


def test_a_message_that_is_read_back_is_refused():
    def whole(x):
        a, b = Level(x), Level(x * 7)
        try:
            changed(a, b)
        except TypeError as error:
            return float(str(error).split(" and ")[0])
        return x

    def part(x):
        try:
            raise ValueError(str(x))
        except ValueError as error:
            return float(error.args[0]) * x

    for f in (whole, part):
        with pytest.raises(sd.UnsupportedError, match="Instead"):
            sd.grad(f)(0.4)
