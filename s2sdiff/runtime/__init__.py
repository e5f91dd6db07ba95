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
    attribute,
    attribute_kept,
    bound,
    call,
    call_kept,
    call_method,
    call_method_kept,
    derived,
    hooked,
    loss_of,
    refuse,
    rule_of,
    scalar_result,
)
from s2sdiff.runtime.cells import cell, filled, maker
from s2sdiff.runtime.matching import has, is_mapping, is_sequence, positional
from s2sdiff.runtime.rule_calls import rule_caller
from s2sdiff.runtime.stars import apply, apply_method, item, mapping_share, packed, split
from s2sdiff.runtime.values import apart, sequence

__all__ = [
    "UNBOUND", "add", "add_at", "apart", "apply", "apply_method", "attribute", "attribute_kept",
    "bound", "call", "call_kept", "call_method", "call_method_kept", "cell", "copy", "derived",
    "divide", "filled", "has", "hooked", "is_mapping", "is_sequence", "item", "loss_of", "maker",
    "mapping_share", "match", "packed", "place", "positional", "power", "refuse", "rule_caller",
    "rule_of", "scalar_result", "scaled", "sequence", "split", "unbroadcast", "zeros",
]
