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
    UNBOUND,
    apply,
    apply_method,
    attribute,
    attribute_kept,
    bound,
    call,
    call_kept,
    call_method,
    call_method_kept,
    derived,
    hooked,
    item,
    loss_of,
    mapping_share,
    packed,
    refuse,
    rule_caller,
    rule_of,
    scalar_result,
    sequence,
    split,
)

__all__ = [
    "UNBOUND",
    "add", "add_at", "apply", "apply_method", "attribute", "attribute_kept", "bound", "call", "call_kept", "call_method",
    "call_method_kept", "copy", "derived", "divide", "hooked", "item", "loss_of", "mapping_share", "match", "packed", "place", "power", "refuse",
    "rule_caller", "rule_of", "scalar_result", "scaled", "sequence", "split", "unbroadcast", "zeros",
]
