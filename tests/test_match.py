"""The derivative of a `match` is that of the case that holds."""

from dataclasses import dataclass

import pytest

from tests.transforms.programs import agrees


@dataclass
class Point:
    x: float
    y: float


def differentiated(x, how):
    match how, x:
        case "square", _:
            return x * x
        case ("scaled", k), float(y) if k > 1.0:
            result = k * y * y
        case ["scaled", k], _:
            result = k * x
        case {"power": n, **rest}, y:
            result = y ** n * len(rest)
        case Point(a, 0.0) | Point(0.0, a), _:
            result = a * x * x
        case _, (0.0 | 9.0):
            result = 7.0 * x
        case _:
            result = 5.0 * x
    return result + x


@pytest.mark.parametrize("how", [
    "square", ("scaled", 2.0), ("scaled", 0.5), {"power": 3, "b": 1, "c": 2}, Point(3.0, 0.0),
    Point(0.0, 4.0), Point(1.0, 1.0), None,
])
@pytest.mark.parametrize("x", [1.5, -2.0])
def test_the_derivative_of_a_match_is_that_of_the_case_that_holds(how, x):
    (slope,) = agrees(differentiated, x, how)
    assert slope != 0.0


def test_a_case_of_another_length_is_not_taken():
    def f(x):
        match [0.3, x]:
            case [value]:
                x /= value
            case [one, two, three]:
                x = one * two * three
            case [_, value]:
                x = value * x
        return x

    assert agrees(f, 1.5) == pytest.approx([3.0])
