"""Example 3: surgery on a derivative.

`with_derivative(x, fn)` is x.  On the way back `fn` is called with the cotangent: it may look at
it, and where it returns something, that takes the cotangent's place.
"""

import numpy as np

import s2sdiff as sd


def rewrite(v):
    print(f"dlog/dx = {v}, but rewritten to 0.5")
    return 0.5


def surgery(x):
    a = sd.with_derivative(np.sin(x), lambda v: print("d+/dsin =", v))
    b = np.log(sd.with_derivative(x, rewrite))
    return a + b


def main():
    # The derivative goes through the function backwards: the hook of the logarithm is called first.
    print(sd.grad(surgery)(30.0))


if __name__ == "__main__":
    main()
