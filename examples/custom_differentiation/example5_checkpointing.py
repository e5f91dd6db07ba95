"""Example 5: checkpointing, in five lines of one's own.

`differentiable_function` makes a differentiable function of one that returns the value and the
pullback.  This one keeps nothing but the input, and computes again on the way back.
`sd.checkpoint(f)` does the same for any number of arguments.
"""

import math

import s2sdiff as sd


def recomputed_in_gradient(original):
    def with_pullback(x):
        return original(x), lambda v: sd.vjp(original, x)[1](v)

    return sd.differentiable_function(with_pullback)


def square(x):
    print("  Computing square...")
    return x * x


recomputed_square = recomputed_in_gradient(square)


def computation(x):
    print("Running original computation...")
    return recomputed_square(math.cos(x))


def main():
    _, backprop = sd.vjp(computation, 10.0)
    print("Running backpropagation...")
    print("d/dx cos(x)^2 at 10 =", backprop(1.0))


if __name__ == "__main__":
    main()
