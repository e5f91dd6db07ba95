"""Why functions have no derivative, by the kind of what they give."""

from __future__ import annotations

__all__ = ["NO_DERIVATIVE", "reason_for"]

#: Reason -> module -> names.
NO_DERIVATIVE: dict[str, dict[str, str]] = {
    "is constant in pieces": {
        "numpy": "sign floor ceil rint trunc fix spacing heaviside nextafter floor_divide round "
                 "around",
        "ndarray": "round",
        "math": "floor ceil trunc",
        "scipy.special": "round",
        "scipy.signal": "square",
        "builtins": "int round",
    },
    "gives places or counts": {
        "numpy": "argsort argmax argmin searchsorted nonzero flatnonzero count_nonzero ix_",
        "ndarray": "argsort argmax argmin searchsorted nonzero __len__",
        "builtins": "len range hash id slice",
        "numpy.linalg": "matrix_rank",
        "scipy.linalg": "bandwidth",
    },
    "gives truth values": {
        "numpy": "array_equal isclose allclose isnan isfinite logical_and any all isscalar "
                 "iscomplexobj",
        "ndarray": "any all __contains__",
        "builtins": "isinstance any all bool callable hasattr",
        "math": "isnan isclose isfinite",
    },
    "says what an array is": {
        "numpy": "ndim shape size result_type finfo",
        "ndarray": "shape size ndim dtype",
    },
    "takes numbers that are counted": {
        "math": "comb factorial gcd",
    },
    "is made of no active value": {
        "numpy": "zeros_like ones_like empty_like arange eye identity ones zeros tri fromiter "
                 "mgrid ogrid s_",
        "numpy.fft": "fftfreq",
        "scipy.fft": "fftfreq",
        "scipy.linalg": "hilbert",
    },
    "gives text or a class": {
        "builtins": "type str repr",
    },
    "gives nothing": {
        "builtins": "print",
    },
}


def reason_for(module: str, name: str) -> str:
    """The reason, or "" for a function that has a derivative."""
    return next((reason for reason, modules in NO_DERIVATIVE.items()
                 if name in modules.get(module, "").split()), "")
