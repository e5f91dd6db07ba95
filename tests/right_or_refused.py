"""What may be refused, and may not be wrong."""

import pytest

import s2sdiff as sd


def picked(o):
    return {1: o, 2: None}[1]


def right_or_refused(f, *args):
    """The gradient for the first argument, a number, is that of differences; or it is refused."""
    slope = (f(0.61 + 1e-6, *args) - f(0.61 - 1e-6, *args)) / 2e-6
    for gradient in (sd.grad(f), lambda *a: sd.vjp(f, *a)[1](1.0)):
        try:
            found = gradient(0.61, *args)
        except sd.UnsupportedError as error:
            assert "Instead, " in str(error)
            continue
        assert found == pytest.approx(slope, rel=1e-6)


def check_modes(f, args, **options):
    """Both modes agree with differences; but forward mode, not reverse mode, may be refused."""
    try:
        sd.check_grads(f, args, **options)
    except sd.DifferentiationError as error:
        if "reverse mode is right, forward mode is refused" not in str(error):
            raise
