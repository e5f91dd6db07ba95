"""Example 2: stop the gradient.

`stop_gradient(x)` is x, and a constant to the derivative: the second gradient is a real 0.0.
Without the marker s2sdiff would warn that the result cannot depend on an argument.
"""

from math import cos, sin

import s2sdiff as sd


def partly(x, y):
    return sin(sin(sin(x))) + sd.stop_gradient(cos(cos(cos(y))))


def main():
    print(sd.grad(partly, wrt=(0, 1))(2.0, 3.0))


if __name__ == "__main__":
    main()
