"""What reverse mode refuses has no tangent of zero in forward mode."""

import numpy as np
import pytest

import s2sdiff as sd

V = np.array([0.5, -1.2, 2.0])


def text_of_an_array(a):
    return np.sum((a * a).astype(str).astype(float) * a)


def bytes_of_an_array(a):
    return np.sum((a * a).astype("S32").astype(float) * a)


def other_numbers(a):
    b = (a * 1.0).view(np.int64)
    b[0] &= -4
    return np.sum(b.view(float) ** 2)


def halves_of_numbers(a):
    return np.sum((a * 2.0).view(np.float32))


def joined_into_its_own_parts(a):
    b = a * 1.3
    np.concatenate([b[1:], b[:1]], out=b)
    return np.sum(b * b * a)


@pytest.mark.parametrize("function", [
    text_of_an_array, bytes_of_an_array, other_numbers, halves_of_numbers,
    joined_into_its_own_parts], ids=lambda f: f.__name__)
def test_both_modes_refuse(function):
    for differentiate in (lambda: sd.grad(function)(V), lambda: sd.jvp(function, (V,), (V,))):
        with pytest.raises(sd.DifferentiationError, match=r"Instead, [^\n]+\."):
            differentiate()
