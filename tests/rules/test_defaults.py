"""What a rule takes where a call says nothing is what the function takes, in whatever version."""

from __future__ import annotations

import inspect
import warnings

import pytest

from s2sdiff import registry

#: Of numbers, what is left out is nothing added; SciPy's tree takes None for one worker.
KNOWN = {("complex", "imag"), ("cKDTree.query", "workers"), ("ndarray.__array_wrap__",
                                                             "return_scalar")}


def signatures():
    """The functions that have a signature and a rule that has one, with both."""
    pytest.importorskip("scipy")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        for top in list(registry.RULE_MODULES):
            registry._load(top)
    for target, modes in list(registry._rules.values()):
        for rule in [modes[m] for m in ("vjp", "jvp") if m in modes]:
            module = getattr(rule.function, "__module__", None) or ""
            if not module.startswith("s2sdiff.rules."):
                continue
            try:
                yield target, inspect.signature(target).parameters, inspect.signature(
                    rule.function).parameters
            except (TypeError, ValueError):
                continue  # in C, and says nothing of its parameters


def says_nothing(value):
    """An object that stands for an argument that is left out."""
    return type(value) is object or repr(value) in ("<no value>", "<no value given>")


def test_defaults_are_those_of_the_function():
    count, others = 0, []
    for target, theirs, ours in signatures():
        name = getattr(target, "__qualname__", repr(target))
        for key, parameter in ours.items():
            own = theirs[key].default if key in theirs else parameter.empty
            if parameter.empty in (own, parameter.default) or (name, key) in KNOWN:
                continue
            count += 1
            if not says_nothing(own) and repr(own) != repr(parameter.default) and \
                    own != parameter.default:
                others.append((name, key, own, parameter.default))
    assert count > 1000
    assert others == []


def test_positions_are_those_of_the_function():
    count, others = 0, []
    for target, theirs, ours in signatures():
        sides = [[p.name for p in side.values() if p.kind in (
            p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)] for side in (theirs, ours)]
        at = [{name: i for i, name in enumerate(names)} for names in sides]
        for name in at[0].keys() & at[1].keys():
            count += 1
            if at[0][name] != at[1][name]:
                others.append((getattr(target, "__qualname__", repr(target)), name, *sides))
    assert count > 1000
    assert others == []
