"""`differentiable` leaves a function what it was; `differentiable_function` makes a new one."""

import pickle

import numpy as np
import pytest

import s2sdiff as sd


@sd.differentiable
def module_level(x: float, y: float = 2.0) -> float:
    """Documented."""
    return x * x * y


def test_a_decorated_function_stays_the_function_that_it_was():
    def plain(x):
        return x

    assert sd.differentiable(plain) is plain
    assert module_level(3.0) == 18.0
    assert (module_level.__name__, module_level.__doc__) == ("module_level", "Documented.")
    assert pickle.loads(pickle.dumps(module_level)) is module_level


def test_a_decorated_function_has_its_gradient():
    assert sd.grad(module_level)(3.0) == 12.0
    assert sd.grad(module_level, "y")(3.0) == 9.0


def test_differentiable_takes_options():
    @sd.differentiable(wrt="y")
    def f(x, y):
        return x * y

    assert f(2.0, 3.0) == 6.0
    with pytest.raises(ValueError, match="Instead, "):
        sd.differentiable(wrt="z")(f)
    with pytest.raises(TypeError, match="Instead, "):
        sd.differentiable(3.0)


class Line:
    slope = 3.0

    @sd.differentiable
    def at(self, x):
        return self.slope * x * x

    @staticmethod
    @sd.differentiable
    def cubed(x):
        return x * x * x

    @sd.differentiable
    @staticmethod
    def squared(x):
        return x * x

    @classmethod
    def scaled(cls, x):
        return cls.slope * x


def test_decorated_methods_work_as_methods():
    line = Line()
    assert line.at(2.0) == 12.0
    assert sd.grad(line.at)(2.0) == 12.0
    assert sd.grad(lambda x: line.at(x))(2.0) == 12.0
    assert sd.grad(Line.at, wrt="x")(line, 2.0) == 12.0
    assert sd.grad(Line.cubed)(2.0) == sd.grad(line.cubed)(2.0) == 12.0
    assert sd.grad(Line.squared)(2.0) == 4.0
    assert sd.grad(Line.scaled)(2.0) == 3.0


def test_strict_reports_ahead_of_time_what_would_be_refused():
    with pytest.raises(sd.DifferentiationError, match="Instead, "):
        @sd.differentiable(strict=True)
        def keyed(x):
            if x > 1e9:
                return float(str(x))
            return x

    @sd.differentiable(strict=True)
    def fine(x):
        return np.sin(x)

    assert sd.grad(fine)(0.0) == 1.0


# ------------------------------------------------------------------ differentiable_function


def test_a_differentiable_function_is_made_of_value_and_pullback():
    cube = sd.differentiable_function(lambda x: (x**3, lambda v: v * 3 * x**2))
    assert cube(2.0) == 8.0
    assert sd.grad(cube)(2.0) == 12.0
    assert sd.grad(lambda x: cube(x * x))(2.0) == 3 * 16.0 * 4.0


def test_a_differentiable_function_of_several_arguments():
    divide = sd.differentiable_function(lambda x, y: (x / y, lambda v: (v / y, -v * x / y**2)))
    assert sd.vjp(divide, 6.0, 2.0)[1](1.0) == (0.5, -1.5)
    assert sd.grad(lambda y: divide(6.0, y))(2.0) == -1.5


def test_a_differentiable_function_keeps_the_name_of_what_it_is_made_of():
    def cubed(x):
        """The third power."""
        return x**3, lambda v: v * 3 * x**2

    made = sd.differentiable_function(cubed)
    assert (made.__name__, made.__doc__) == ("cubed", "The third power.")


def test_a_differentiable_function_made_inside_the_function_that_uses_it():
    def f(x):
        clipped = sd.differentiable_function(lambda t: (t * t, lambda v: v * 5.0))
        return clipped(x) * 2.0

    assert sd.grad(f)(3.0) == 10.0


def test_what_is_no_function_is_an_error():
    with pytest.raises(TypeError, match="Instead, "):
        sd.differentiable_function((1.0, 2.0))
