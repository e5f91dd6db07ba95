"""Options and arguments for which a known function has no derivative here."""

import bisect
import collections
import itertools

import numpy as np
import scipy.special

V = np.array([2.0, 1.0, 3.0])
M = np.array([[2.0, 1.0], [0.5, 3.0]])


def a_median_that_overwrites(x):
    if x > 0:
        return np.median(x * V, overwrite_input=True)  # here: np.median
    return x * 2.0


def a_quantile_whose_axes_are_taken_for_others(x):
    if x > 0:
        return np.nanquantile(x * M, [[0.3], [0.4]], -1)[0, 0, 0]  # here: np.nanquantile
    return x * 2.0


def an_einsum_in_another_order(x):
    if x > 0:
        return np.einsum("i->", x * V, casting="unsafe")  # here: np.einsum
    return x * 2.0


def a_padding_by_a_function(x):
    if x > 0:
        return np.pad(x * V, 1, mode=lambda *_: None)[1] + x  # here: np.pad
    return x * 2.0


def a_hermitian_decomposition(x):
    if x > 0:
        return np.abs(np.linalg.svd(x * (M + 1j), hermitian=True)[0][0, 0])  # here: np.linalg
    return x * 2.0


def a_complete_triangular_decomposition(x):
    if x > 0:
        return np.linalg.qr(x * M, mode="raw")[0][0, 0]  # here: np.linalg
    return x * 2.0


def an_array_of_steps_in_a_trapezoid(x):
    if x > 0:
        return np.trapezoid(V, dx=x * np.ones(2))  # here: np.trap
    return x * 2.0


if np.lib.NumpyVersion(np.__version__) < "2.5.0":  # which has none

    def a_cross_product_of_short_vectors(x):
        if x > 0:
            return np.cross(x * np.ones(2), x * V[:2])  # here: np.cross
        return x * 2.0


def a_copy_in_the_order_of_the_memory(x):
    if x > 0:
        a = x * np.ones((2, 3, 4))
        return np.ravel(a[:, :, ::2], order="K")[0] * 2.0  # here: np.ravel
    return x * 2.0


def an_iterator_without_an_end(x):
    total = 0.0
    if x > 0:
        for item in itertools.islice(itertools.count(x), 2):  # here: itertools.count
            total = total + item
        return total
    return x * 2.0


def a_bisection_into_a_deque(x):
    if x > 0:
        items = collections.deque([0.5])
        bisect.insort(items, x)  # here
        return items[1] * 2.0
    return x * 2.0


def a_special_function_by_its_order(x):
    if x > 0:
        return scipy.special.struve(x, 2.0)  # here: scipy
    return x * 2.0


def a_bessel_integral_in_c(x):
    if x > 0:
        return scipy.special.besselpoly(x, 1.5, 2.0)  # here: scipy
    return x * 2.0


def a_fourier_transform_that_repeats_an_axis(x):
    if x > 0:
        return np.fft.fftn(x * M, (3, 4), (1, 1)).real[0, 0]  # here: np.fft
    return x * 2.0


OPTIONS = [f for name, f in dict(globals()).items()
           if getattr(f, "__code__", None) and f.__code__.co_varnames[:1] == ("x",)]
