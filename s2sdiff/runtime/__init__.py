"""What generated code calls, printed as `rt.name`."""

from s2sdiff.runtime.arrays import (
    add,
    add_at,
    copy,
    divide,
    match,
    place,
    power,
    scaled,
    unbroadcast,
    zeros,
)
from s2sdiff.runtime.calls import (
    apply,
    attribute,
    attribute_kept,
    call,
    call_kept,
    call_method,
    call_method_kept,
    hooked,
    refuse,
    rule_caller,
    scalar_result,
    sequence,
)

__all__ = [
    "add", "add_at", "apply", "attribute", "attribute_kept", "call", "call_kept", "call_method",
    "call_method_kept", "copy", "divide", "hooked", "match", "place", "power", "refuse",
    "rule_caller", "scalar_result", "scaled", "sequence", "unbroadcast", "zeros",
]
