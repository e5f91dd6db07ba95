"""What generated code calls, printed as `rt.name`."""

from s2sdiff.runtime import carried_rules  # noqa: F401 (it has rules called with tangents)
from s2sdiff.runtime.arrays import (
    add,
    add_at,
    copy,
    fitted,
    full,
    match,
    match_number,
    place,
    unbroadcast,
    zeros,
)
from s2sdiff.runtime.asked_for_numbers import check_asked, check_in_place
from s2sdiff.runtime.attributes import attribute, attribute_kept
from s2sdiff.runtime.batched_functions import array_now, float_now
from s2sdiff.runtime.batched_shapes import full_now, zeros_now
from s2sdiff.runtime.by_place import (
    apply_by_place,
    attribute_by_place,
    call_by_place,
    call_writing,
    method_by_place,
    method_writing,
)
from s2sdiff.runtime.calls import (
    call,
    call_kept,
    call_method,
    call_method_kept,
    derived,
    rule_of,
)
from s2sdiff.runtime.cells import cell, filled, maker, seen
from s2sdiff.runtime.choosing import (
    check_columns,
    check_length,
    columns,
    function_of,
    functions_of,
    itself,
    key_of,
    place_of,
)
from s2sdiff.runtime.common import held, owned, still
from s2sdiff.runtime.constant_values import of_known_field, stopped, unwritten
from s2sdiff.runtime.contents import parts
from s2sdiff.runtime.dots import Dots, cell_dot, field_dot, zero_in
from s2sdiff.runtime.dots_at_edges import given_dots, whole_dot
from s2sdiff.runtime.handed import given_back, handed
from s2sdiff.runtime.handed_texts import unless_beside_arrays, unless_kept_by, unless_kept_by_method
from s2sdiff.runtime.held_beside import also_held, not_written
from s2sdiff.runtime.kept_in_run import kept, kept_items
from s2sdiff.runtime.keys import cut
from s2sdiff.runtime.known_points import (
    fresh_if_held,
    fresh_where_known,
    fresh_where_listed,
    fresh_where_near,
)
from s2sdiff.runtime.lifting import lifted
from s2sdiff.runtime.logged import (
    goes_into_logs,
    not_capturing,
    unless_logged,
    unless_method_told,
    unless_told_of_logs,
)
from s2sdiff.runtime.losses import loss_of, scalar_result
from s2sdiff.runtime.managers import managed, surely_passes_on
from s2sdiff.runtime.managers_in_step import entered_in
from s2sdiff.runtime.masking import masked, masked_evenly
from s2sdiff.runtime.matching import has, is_mapping, is_sequence, positional
from s2sdiff.runtime.matrices import on_diagonal, transposed
from s2sdiff.runtime.meanings import meant
from s2sdiff.runtime.memory_in_step import aligned
from s2sdiff.runtime.outside_held import as_before, as_given, unless_held, unless_held_write
from s2sdiff.runtime.own_copies import passed_on
from s2sdiff.runtime.partly import number_of, unless_drawn, unless_stopped, unless_untouched
from s2sdiff.runtime.planted import UNBOUND, bound, hooked, refuse
from s2sdiff.runtime.pushed_by_place import (
    apply_in,
    apply_method_in,
    attribute_in,
    delete_in,
    method_in,
    method_writing_in,
    push_in,
    set_in,
)
from s2sdiff.runtime.remembered import (
    fresh_end,
    fresh_if_equal,
    fresh_if_other,
    fresh_than,
    fresh_under,
)
from s2sdiff.runtime.replaced import still_mean
from s2sdiff.runtime.resizing import reshaped, resized
from s2sdiff.runtime.rule_calls import rule_caller
from s2sdiff.runtime.ruled import zeroed
from s2sdiff.runtime.sent_back import (
    unless_kept_by_member,
    unless_of_callable,
    unless_of_member,
    unless_of_number,
    unless_of_operands,
    walked_in_sight,
)
from s2sdiff.runtime.sent_out import sent, sent_by, sent_by_method, sent_if_kept, unless_sent
from s2sdiff.runtime.separate import separate
from s2sdiff.runtime.shadow_slots import (
    add_first,
    add_number,
    add_numbers,
    add_slot,
    slot,
    take_first,
    take_number,
    unplaced,
)
from s2sdiff.runtime.shadows import deposit_item, shadow, withdraw_item
from s2sdiff.runtime.slopes import divide, literal, power, scaled, sign, standing, steep, weighed
from s2sdiff.runtime.slots import (
    add_all,
    add_part,
    add_share,
    in_full,
    of_part,
    only,
    put,
    put_all,
    shares,
)
from s2sdiff.runtime.stars import (
    apply,
    apply_method,
    item,
    mapping_share,
    packed,
    split,
    unless_later,
)
from s2sdiff.runtime.structures import gradient
from s2sdiff.runtime.tangents import push, push_attribute, push_method, pushed
from s2sdiff.runtime.tried import raise_again, try_apply_by_place, try_by_place, try_method_by_place
from s2sdiff.runtime.unseen import look, look_into
from s2sdiff.runtime.values import (
    endless,
    indices,
    keys_of,
    next_place,
    no_text,
    places,
    places_back,
    sequence,
    undisturbed,
)
from s2sdiff.runtime.walks import steps
from s2sdiff.runtime.whole_values import (
    arrived,
    deposit,
    first_items,
    give,
    taken,
    taken_apart,
    withdraw,
)
from s2sdiff.runtime.writes_in_step import write_in_step
from s2sdiff.runtime.written_apart import apart, apart_beside
from s2sdiff.runtime.written_at import taken_at
from s2sdiff.runtime.zero_tangents import item_tangents, named_tangents, zero_tangent

__all__ = [
    "UNBOUND", "Dots", "add", "add_all", "add_at", "add_first", "add_number",
    "add_numbers", "add_part",
    "add_share", "add_slot", "aligned", "also_held", "apart", "apart_beside", "apply",
    "apply_by_place", "apply_in",
    "apply_method", "apply_method_in", "array_now", "arrived", "as_before", "as_given", "attribute",
    "attribute_by_place",
    "attribute_in", "attribute_kept", "bound", "call", "call_by_place", "call_kept", "call_method",
    "call_method_kept", "call_writing", "cell", "cell_dot",
    "check_columns", "check_length", "columns", "copy", "cut", "delete_in", "deposit",
    "deposit_item", "derived", "divide", "endless", "entered_in", "field_dot", "filled",
    "first_items", "fitted",
    "check_asked", "check_in_place",
    "float_now", "fresh_end", "fresh_if_equal", "fresh_if_held", "fresh_if_other",
    "fresh_than", "fresh_under", "fresh_where_known", "fresh_where_listed", "fresh_where_near",
    "full", "full_now", "function_of", "functions_of", "give", "given_back",
    "given_dots", "goes_into_logs", "gradient", "handed",
    "has", "held", "hooked", "in_full", "indices", "is_mapping", "is_sequence", "item", "itself",
    "item_tangents", "kept", "kept_items", "key_of", "keys_of", "lifted", "literal",
    "look", "look_into", "loss_of", "maker", "managed", "mapping_share", "masked", "masked_evenly",
    "match", "match_number", "meant", "method_by_place", "method_in", "method_writing",
    "method_writing_in", "named_tangents", "next_place", "no_text", "not_capturing",
    "not_written", "number_of", "of_known_field", "of_part", "on_diagonal", "only",
    "owned", "packed", "parts", "passed_on", "place",
    "place_of",
    "places", "places_back", "positional", "power", "push", "push_attribute", "push_in",
    "push_method", "pushed", "put", "put_all", "raise_again", "refuse", "reshaped", "resized",
    "rule_caller", "rule_of",
    "scalar_result", "scaled", "seen", "sent", "sent_by", "sent_by_method",
    "sent_if_kept", "separate", "sequence", "set_in", "shadow", "shares", "sign",
    "slot",
    "split", "standing", "steep", "steps", "still", "still_mean", "stopped",
    "surely_passes_on", "take_first", "take_number",
    "taken", "taken_apart", "taken_at", "transposed",
    "try_apply_by_place", "try_by_place", "try_method_by_place", "unbroadcast", "undisturbed",
    "unless_drawn", "unless_held", "unless_held_write",
    "unless_later", "unless_logged", "unless_method_told", "unless_of_callable",
    "unless_beside_arrays", "unless_kept_by", "unless_kept_by_member", "unless_kept_by_method",
    "unless_of_member",
    "unless_of_number", "unless_of_operands", "unless_sent",
    "unless_stopped", "unless_told_of_logs", "unless_untouched", "unplaced", "unwritten",
    "walked_in_sight", "weighed",
    "whole_dot", "withdraw",
    "withdraw_item", "write_in_step", "zero_in", "zero_tangent", "zeroed", "zeros", "zeros_now",
]
