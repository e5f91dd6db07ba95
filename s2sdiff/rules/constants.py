"""Functions whose results have no derivative: shapes, tests, integers, arrays of fixed numbers."""

from __future__ import annotations

import bisect
import inspect
import io
import operator
import pkgutil
import time
import warnings
from typing import Any

import numpy as np

from s2sdiff import ops
from s2sdiff.registry import constant
from s2sdiff.runtime import (
    asked_for_numbers,
    broadcasts,
    cells,
    choosing,
    common,
    datasets,
    drawing,
    drawing_others,
    held_beside,
    joined,
    kept_in_run,
    keys,
    known_points,
    logged,
    managers,
    matching,
    matching_arguments,
    recency,
    remembered,
    replaced,
    resuming,
    sent_back,
    sent_out,
    slopes,
    standins_dispatching,
    standins_elementwise,
    standins_flat,
    standins_iterators,
    standins_least_splines,
    standins_neighbours,
    standins_numpy,
    standins_ordering,
    standins_printing,
    standins_scattered,
    standins_tensor_splines,
    tried,
    unseen,
    values,
    walks,
)

__all__: list[str] = []


def existing(owner: Any, names: str) -> list[Any]:
    """The named attributes that this version of NumPy has, each object once."""
    found = [getattr(owner, name) for name in names.split() if hasattr(owner, name)]
    return list({id(f): f for f in found}.values())


# Shapes and kinds.
constant(*existing(np, """
    shape ndim size result_type promote_types common_type min_scalar_type can_cast issubdtype
    isdtype isscalar iscomplexobj isrealobj iscomplex isreal isfortran
    broadcast_shapes finfo iinfo dtype
    shares_memory may_share_memory iterable ndindex
"""))

# Arrays that hold no number of their arguments.
constant(*existing(np, """
    zeros ones empty zeros_like ones_like empty_like eye identity tri indices
    tril_indices triu_indices diag_indices tril_indices_from triu_indices_from diag_indices_from
    mask_indices unravel_index ravel_multi_index
"""))

# Tests.
constant(*existing(np, """
    equal not_equal less less_equal greater greater_equal
    logical_and logical_or logical_not logical_xor isnan isinf isfinite isnat isneginf isposinf
    signbit isclose allclose array_equal array_equiv any all isin in1d
    bitwise_and bitwise_or bitwise_xor bitwise_not bitwise_invert invert
    left_shift right_shift bitwise_left_shift bitwise_right_shift bitwise_count
"""))
constant(
    np.logical_and.reduce, np.logical_or.reduce, operator.eq, operator.ne, operator.lt, operator.le,
    operator.gt, operator.ge, operator.is_, operator.is_not, operator.not_, operator.truth,
    operator.contains, operator.invert,
    operator.lshift, operator.rshift, operator.index, ops.contains, ops.not_contains,
)

constant(matching_arguments.bound_places, matching.has, matching.is_mapping,
         matching.is_sequence, matching.positional)

# Integers: positions and counts.
constant(*existing(np, """
    argmax argmin argsort argpartition argwhere nanargmax nanargmin nonzero flatnonzero searchsorted
    digitize count_nonzero lexsort
"""))
constant(np.linalg.matrix_rank)
# No active number gets into an array with fields.
constant(np.record.__getitem__, np.void.__getitem__)

# The same as methods and attributes of arrays and of NumPy's scalars.
for owner in (np.ndarray, np.generic):
    constant(*existing(owner, """
        shape ndim size dtype itemsize nbytes strides flags device
        any all argmax argmin argsort argpartition nonzero searchsorted __len__ __contains__
        __bool__ __int__ __index__ __array_namespace__ setflags
    """))

constant(vars(object)["__class__"], managers.raised, managers.kind_of, managers.trace_of,
         tried.current)
constant(*[getattr(m, way) for m in managers.BUILTIN for way in ("__enter__", "__exit__")])
constant(dir, broadcasts.broadcast)
constant(standins_ordering.order, standins_ordering.first, standins_numpy.types_of,
         standins_numpy.conditions_of, standins_numpy.core_shapes, standins_numpy.check_counts)
constant(standins_scattered.interpolated, standins_scattered.corners_of,
         standins_scattered.nearest_to, standins_scattered.refuse_cubic,
         standins_tensor_splines.coefficients, standins_least_splines.least_coefficients)
constant(standins_neighbours.tree_of, standins_neighbours.asked_of, standins_neighbours.hull_of,
         standins_neighbours.refuse_equations)
constant(standins_flat.apart, standins_flat.lies_in_order, standins_flat.places,
         standins_iterators.check_nditer, standins_iterators.places_of)
# Where a value belongs in a sorted list.
constant(bisect.bisect_left, bisect.bisect_right)
constant(values.indices, values.endless, values.keys_of, values.places, values.places_back,
         choosing.columns, choosing.place_of)
constant(choosing.function_of, choosing.functions_of, choosing.key_of, pure=False)
constant(choosing.check_columns, choosing.check_length, common.no_defaults, common.held,
         asked_for_numbers.check_asked, asked_for_numbers.check_in_place,
         keys.bounds, values.next_place, values.no_text,
         datasets.not_looking, drawing_others.item_of_other, recency.kept_number,
         recency.new_number, pure=False)
constant(walks.steps, walks.reads_itself, joined.whole_shapes)
# What files hold; that nothing comes back in them, the compiler looks at (`transforms.sent`).
constant(open, pkgutil.get_data, np.load, np.loadtxt, np.genfromtxt, np.fromfile, np.save, np.savez,
         np.savez_compressed, np.savetxt, np.ndarray.tofile, np.ndarray.dump, pure=False)
constant(slopes.literal)
constant(held_beside.also_held, held_beside.not_written, remembered.fresh_under,
         remembered.fresh_if_equal, remembered.fresh_if_other, remembered.fresh_than,
         remembered.fresh_end, kept_in_run.kept, kept_in_run.kept_items,
         known_points.fresh_where_known, known_points.fresh_where_near,
         known_points.fresh_where_listed, known_points.fresh_if_held, sent_out.sent,
         sent_out.sent_by, sent_out.sent_if_kept, replaced.still_mean,
         sent_out.unless_sent, sent_back.unless_of_callable, sent_back.unless_of_member,
         logged.goes_into_logs, logged.unless_logged, logged.unless_told_of_logs,
         logged.unless_method_told, logged.not_capturing,
         sent_back.unless_of_number, sent_back.unless_of_operands, sent_back.walked_in_sight,
         pure=False)
constant(cells.unset, standins_elementwise.refuse_nothing, standins_elementwise.refuse_several,
         pure=False)
constant(unseen.only_reads, recency.recency, standins_dispatching.chosen)
constant(drawing.clock, drawing.unchanged_now, drawing.given, drawing_others.only_once,
         drawing.is_sequence, drawing.says, resuming.watched, resuming.given)

# Types that round or test; the floating ones carry a derivative and are not here.
constant(
    np.bool_, np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64,
    np.intp,
)

# What looks at definitions.  What takes text apart is not here: text may be read back as a number.
constant(*existing(inspect, """
    signature getfullargspec isfunction ismethod isbuiltin isroutine isclass ismodule
    isgeneratorfunction iscoroutinefunction getdoc getmodule unwrap
"""))
# Clocks give no number of the program's.
constant(*existing(time, """
    time time_ns perf_counter perf_counter_ns monotonic monotonic_ns process_time process_time_ns
    thread_time thread_time_ns sleep
"""), pure=False)
constant(standins_printing.printed, standins_printing.written, io.TextIOWrapper.write,
         *existing(io.TextIOWrapper, """
             flush read readline readlines writelines seek truncate close
         """), pure=False)
constant(warnings.warn, warnings.filterwarnings, warnings.simplefilter)
constant(*existing(np, """
    seterr geterr seterrcall geterrcall setbufsize getbufsize set_printoptions get_printoptions
"""), pure=False)
