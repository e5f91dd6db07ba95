"""Example 1: a derivative of one's own, for a function that exists already.

`derivative(of=f)` may be written anywhere, for any function: one's own, another module's, one that
is written in C.  It returns the value and the pullback, and it wins over the function's body.
"""

import math

import numpy as np

import s2sdiff as sd


@sd.differentiable
def silly_exp(x):
    e = np.float32(math.e)
    print(f"Taking e({e}) to the power of {x}!")
    return e**x


@sd.derivative(of=silly_exp)
def silly_exp_derivative(x):
    y = silly_exp(x)
    return y, lambda v: v * y


def main():
    print("exp(3) =", silly_exp(np.float32(3)))
    # The function runs once more here, forward; the pullback reads y and prints nothing.
    print("grad exp(3) =", sd.grad(silly_exp)(np.float32(3)))


if __name__ == "__main__":
    main()
