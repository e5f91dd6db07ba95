"""stop_gradient, with_derivative and their kin: operators that are rules like any other."""

from __future__ import annotations

from collections.abc import ItemsView, KeysView, ValuesView
from typing import Any

from s2sdiff import runtime as rt
from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.registry import derivative
from s2sdiff.rules.sequences import in_order, parts_back
from s2sdiff.runtime import markers, values


@derivative(of=markers.stop_gradient)
def stop_gradient(x: Any) -> Any:
    return x, lambda x_bar: None


@derivative(of=markers.with_derivative)
def with_derivative(x: Any, fn: Any) -> Any:
    def pullback(x_bar: Any) -> Any:
        return rt.hooked(fn, rt.match(x_bar, x)), None

    return x, pullback


@derivative(of=markers.with_derivative, mode="jvp")
def with_derivative_differential(x: Any, fn: Any) -> Any:
    def differential(x_dot: Any, fn_dot: Any) -> Any:
        raise refusal(UnsupportedError, "with_derivative gives its function a cotangent, and "
                      "forward mode has none", "use reverse mode (sd.vjp)")

    return x, differential


for _rule in (stop_gradient, with_derivative):
    _rule.__s2sdiff_any__ = True  # type: ignore[attr-defined]
with_derivative.__s2sdiff_hands__ = True  # type: ignore[attr-defined]
stop_gradient.__s2sdiff_stops__ = True  # type: ignore[attr-defined]


def of_sequence(function: Any) -> Any:
    """The rule of what gives the items of something as a sequence."""

    def rule(items: Any) -> Any:
        if isinstance(items, (KeysView, ValuesView, ItemsView)) and not values.is_inert(
                list(items)):
            # Whose they are is known where the view is made by a rule, which gives another object.
            raise refusal(UnsupportedError, f"a loop over a {type(items).__name__} of unknown "
                          "origin that may give active values", "loop over the dict itself")
        value = function(items)
        if value is items:
            return value, lambda items_bar: items_bar
        return value, lambda items_bar: parts_back(in_order(items_bar, len(value)), value, items)

    rule.__name__ = function.__name__
    rule.__s2sdiff_shares__ = "items"  # type: ignore[attr-defined]
    rule.__s2sdiff_any__ = True  # type: ignore[attr-defined]
    return rule


for _function in (values.sequence, values.undisturbed):
    derivative(of=_function)(of_sequence(_function))
