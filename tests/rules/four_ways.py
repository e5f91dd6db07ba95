"""One second derivative of a function of numbers or vectors, in four ways."""

import numpy as np

import s2sdiff as sd


def second_ways(function, args, inner, outer):
    """By way ("fr" is forward mode over reverse mode) the derivative of a slope.

    Vectors are taken entry by entry: an entry of the result depends on those beside it alone.
    """
    def along(slot):
        return tuple([np.full_like(a, i == slot) if np.ndim(a) else type(a)(i == slot)
                      for i, a in enumerate(args)])

    def total(*a):
        return np.sum(function(*a))

    slope = sd.grad(total, wrt=inner)

    def pulled(*a):
        return slope(*a)

    def pulled_total(*a):
        return np.sum(slope(*a))

    def pushed(*a):
        return sd.jvp(function, a, along(inner))[1]

    def pushed_total(*a):
        return np.sum(sd.jvp(function, a, along(inner))[1])

    with np.errstate(all="ignore"):
        return {"ff": sd.jvp(pushed, args, along(outer))[1],
                "fr": sd.jvp(pulled, args, along(outer))[1],
                "rf": sd.grad(pushed_total, wrt=outer)(*args),
                "rr": sd.grad(pulled_total, wrt=outer)(*args)}
