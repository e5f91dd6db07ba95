"""Example 7: it works everywhere.

Every operator of this tutorial, on every kind of number and array.  The gradient has the type
and the dtype of its value.  (For a complex z and a real loss it is dL/dx - i dL/dy.)
"""

import numpy as np

import s2sdiff as sd

VALUES = (
    1.5,
    1.5 + 0.5j,
    np.float32(1.5),
    np.float64(1.5),
    np.complex64(1.5 + 0.5j),
    np.array([1.0, 2.0], np.float32),
    np.array([[1.0], [2.0]]),
    np.array([1 + 2j, 3j], np.complex64),
    np.array([1 + 2j, 3j]),
)


def total(z):
    return np.real(np.sum(z))


def cube(x):
    return x * x * x


@sd.derivative(of=cube)
def cube_derivative(x):
    square = x * x
    return square * x, lambda v: v * 3 * square


def square(x):
    return x * x


checkpointed_square = sd.checkpoint(square)

squared_by_pullback = sd.differentiable_function(lambda x: (x * x, lambda v: v * 2 * x))


def with_custom_derivative(x):
    return total(cube(x))


def with_stopped_gradient(x):
    return total(x * sd.stop_gradient(x))


def with_surgery(x):
    return total(square(sd.with_derivative(x, lambda v: v / 2)))


def with_checkpoint(x):
    return total(checkpointed_square(x))


def with_differentiable_function(x):
    return total(squared_by_pullback(x))


OPERATORS = (
    (with_custom_derivative, "3x^2"),
    (with_stopped_gradient, "x"),
    (with_surgery, "x"),
    (with_checkpoint, "2x"),
    (with_differentiable_function, "2x"),
)


def main():
    for x in VALUES:
        print(f"x = {x!r}")
        for operator, formula in OPERATORS:
            print(f"  {operator.__name__} ({formula}):", repr(sd.grad(operator)(x)))


if __name__ == "__main__":
    main()
