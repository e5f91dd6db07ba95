"""What known objects are called in generated text, and the objects that travel with it."""

import math
import operator as op

import numpy
import numpy as np
import pytest

import s2sdiff.runtime
from s2sdiff import ir, ops, runtime
from s2sdiff.backend.names import names_of, reference
from s2sdiff.backend.printer import print_function
from tests.backend.build import call, function, give


def spelled(target, spelling=None, module="", params="x", names=""):
    """How an object is written in a function of a module with this text."""
    space = {}
    exec(f"{module}\ndef origin({', '.join(params.split())}): pass", space)
    f = function("f", params, call("z", ir.Ref(target, spelling), *params.split()), give("z"),
                 origin=space["origin"], names=names)
    printed = print_function(f)
    line = printed.text.splitlines()[1].strip()
    # Whatever the name, the text finds the object.
    run = dict(space)
    for (name, cell), made in zip(printed.cells.items(), printed.prelude, strict=True):
        exec(made, run)
        assert made.startswith("#") or run[name] is cell
        run[name] = cell
    callee = line[4:line.index("(")]
    found = eval(callee, run)
    assert found is target or found == target
    return callee, printed.prelude


NP, ALIAS = "import numpy as np", "import numpy as xp"


@pytest.mark.parametrize(("target", "spelling", "module", "expected"), [
    (np.tanh, "np.tanh", NP, "np.tanh"),
    (np.absolute, "np.abs", NP, "np.abs"),
    (np.tanh, None, NP, "np.tanh"),
    (np.tanh, None, ALIAS, "xp.tanh"),
    (np.abs, "np.abs", ALIAS, "xp.abs"),
    (np.tanh, "np.tanh", "np = None\nimport numpy as numerics", "numerics.tanh"),
    (np.linalg.solve, None, NP, "np.linalg.solve"),
    (np.add.at, "np.add.at", NP, "np.add.at"),
    (np.add.reduce, None, NP, "np.add.reduce"),
    (np.float32, None, NP, "np.float32"),
    (math.sqrt, None, "import math as m", "m.sqrt"),
    (math.sqrt, "sqrt", "from math import sqrt", "sqrt"),
    (abs, None, "", "abs"),
    (dict.fromkeys, None, "", "dict.fromkeys"),
    (op.concat, None, "import operator", "operator.concat"),
])
def test_an_object_is_spelled_so_that_it_is_found(target, spelling, module, expected):
    assert spelled(target, spelling, module) == (expected, ())


@pytest.mark.parametrize(("target", "spelling", "module", "expected", "line"), [
    (np.tanh, None, "", "np.tanh", "import numpy as np"),
    (math.sqrt, "sqrt", "", "math.sqrt", "import math"),
    (runtime.unbroadcast, None, "", "rt.unbroadcast", "from s2sdiff import runtime as rt"),
    (ops.unpack, None, "", "unpack", "from s2sdiff.ops import unpack"),
    (abs, "abs", "abs = None", "abs", "from builtins import abs"),
])
def test_what_the_module_lacks_comes_with_a_line_that_makes_it(
    target, spelling, module, expected, line
):
    callee, prelude = spelled(target, spelling, module)
    assert callee.rstrip("_1").startswith(expected.rstrip("_1"))
    assert prelude[0].startswith(line)


def test_a_local_variable_of_the_same_name_is_respected():
    callee, _ = spelled(np.tanh, "np.tanh", NP, params="np")
    assert callee == "np_1.tanh"
    callee, _ = spelled(abs, "abs", "", params="abs")
    assert callee == "abs_1"


def test_new_names_avoid_those_that_the_user_reads():
    callee, prelude = spelled(runtime.zeros, None, "rt = 1", names="rt")
    assert callee == "rt_1.zeros"
    assert prelude == ("from s2sdiff import runtime as rt_1",)


def test_an_object_without_a_name_is_a_cell_and_says_what_it_is():
    class Layer:
        def __call__(self, x):
            return x

    callee, prelude = spelled(Layer())
    assert (callee, prelude) == ("layer", ("# layer: Layer",))


def test_an_object_may_say_its_name_and_source():
    def helper(x):
        return x

    helper.__s2sdiff_name__ = "g_vjp"
    helper.__s2sdiff_source__ = "len"
    f = function("f", "x", call("z", helper, "x"), give("z"))
    printed = print_function(f)
    assert printed.text == "def f(x):\n    z = g_vjp(x)\n    return z\n"
    assert printed.cells == {"g_vjp": helper}
    assert printed.prelude == ("g_vjp = len",)


def test_one_object_has_one_cell():
    def helper(x):
        return x

    f = function("f", "x", call("y", helper, "x"), call("z", helper, "y"), give("z"))
    assert list(print_function(f).cells) == ["helper"]


def test_a_rule_is_called_by_its_name():
    def sum_(x):
        return x

    sum_.__module__ = "s2sdiff.rules.reductions"
    f = function("f", "x", call("z", sum_, "x"), give("z"))
    assert list(print_function(f).cells) == ["sum_rule"]


@pytest.mark.parametrize("value", [
    0.0, -0.0, -1, 1e300, float("inf"), -float("inf"), 2j, True, None, ..., b"a", "it's",
    (1, (2.5,)),
    complex(1, 2), complex(0.0, -0.0), complex(-0.0, 2), float("nan"), complex(1, float("inf")),
    np.float32(0.1), np.int64(3),
])
def test_constants_read_back_as_the_very_same_value(value):
    f = function("f", "x", give(ir.Const(value)), origin=lambda x: np)
    printed = print_function(f)
    space = {"np": numpy, **printed.cells}
    exec(printed.text, space)
    found = space["f"](0)
    assert (type(found), repr(found)) == (type(value), repr(value))


def test_infinity_is_spelled_without_a_name_that_the_user_has_taken():
    f = function("f", "float", give(ir.Const(float("inf"))))
    printed = print_function(f)
    space = dict(printed.cells)
    exec(printed.text, space)
    assert space["f"](0) == math.inf


def test_looking_a_spelling_up_runs_no_code_of_the_user():
    class Loud:
        @property
        def weight(self):
            raise AssertionError("read while printing")

    space = {"model": Loud()}
    exec("def origin(x): return model.weight", space)
    names = names_of(function("f", "x", origin=space["origin"]))
    assert reference(names, s2sdiff.runtime.zeros, "model.weight").attr == "zeros"


def test_a_default_that_is_an_array_stands_beside_the_modules():
    def f(x, w=np.array([1.0, 2.0])):
        v = [x]
        v[0] = x * x
        return sum(v) * np.sum(w)

    s2sdiff.check_grads(f, (1.3,))
