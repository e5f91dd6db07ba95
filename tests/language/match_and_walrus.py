"""match, assignment expressions, del, f-strings, annotations and other statements."""

from dataclasses import dataclass

import numpy as np

from tests.language.table import refused, supported

V = np.array([0.5, -1.2, 2.0, 0.8])
GAIN = 2.5


@dataclass
class Node:
    """A node of an expression."""

    op: str
    left: object
    right: object


@supported("`match` on a string", lambda: (1.3, "cube"))
def switch(x, kind):
    match kind:
        case "square":
            return x * x
        case "cube" | "third":
            return x**3
        case _:
            return x


@supported("`match` on structure", lambda: ((1.3, 0.7), 2.0))
def tuple_pattern(p, x):
    match p:
        case (a,):
            y = a
        case (a, b) if a < b:
            y = a * b
        case (a, b):
            y = a * b * x
        case _:
            y = 0.0
    return y + a


@supported("`match` on structure", lambda: ([1.3, 0.7, 2.0, -0.4],))
def starred_pattern(v):
    match v:
        case [first, *middle, last] if len(middle) > 1:
            return first * last + middle[0] * middle[1]
        case [only]:
            return only
    return 0.0


@supported("`match` on structure", lambda: ({"kind": "spring", "k": 1.3, "c": 0.7}, 0.4))
def mapping_pattern(p, x):
    match p:
        case {"kind": "mass", "m": m}:
            return m * x
        case {"kind": "spring", "k": k, **rest}:
            return k * x**2 + rest["c"] * x
    return x


@supported("`match` on classes", lambda: (1.3, 0.7))
def evaluated_tree(x, y):
    def value(node):
        match node:
            case Node(op="+", left=a, right=b):
                return value(a) + value(b)
            case Node("*", a, b):
                return value(a) * value(b)
            case float() | int():
                return node
        raise TypeError(node)

    return value(Node("+", Node("*", x, Node("+", y, 2)), x))


@supported("`match` on classes", lambda: (1.3, None))
def pattern_of_values(x, limit):
    match limit, x:
        case None, float(t):
            return t * t
        case (0, _) | (_, 0.0):
            return 0.0
        case _:
            return x


@supported("assignment expression", lambda: (1.3, 0.7))
def walrus_in_a_test(x, y):
    if (z := x * y) > 0.5 and (w := z * z) < 2.0:
        return z + w * x
    return z


@supported("assignment expression", lambda: (1.3,))
def walrus_in_a_loop(x):
    total = 0.0
    while (term := x * 0.6) > 0.1:
        x = term
        total += term**2
    return total * term


@supported("assignment expression", lambda: (1.3, 0.7))
def walrus_in_calls_and_displays(x, y):
    v = [z := x * y, z * z, (w := z + y)]
    return max(u := v[0] * 2.0, 0.1) * w + u * v[1]


@supported("`del` of a name", lambda: (1.3, 0.7))
def deleted_names(x, y):
    z = x * y
    w = z
    del z
    try:
        z
    except NameError:
        w = w * x
    z = w + y
    return z * w


@supported("f-strings, printing", lambda: (1.3, []))
def messages(x, log):
    y = x * x
    log.append(f"y = {y:.3f}, {x!r}")
    print("value", y, f"{x:+.2e}")
    message = "x is %.3f" % x + " and {:g}".format(y)
    return y * len(log) + len(message[:4])


@supported("annotations", lambda: (1.3, 0.7))
def annotated(x: float, y: "float" = 2.0) -> float:
    """Docstrings and annotations are left alone."""
    z: float = x * y
    w: list[float]
    w = [z, x]
    return w[0] * w[1]


@supported("global constant", lambda: (1.3,))
def global_is_read(x):
    global GAIN
    return GAIN * x * x + V[0] * x


@supported("`pass`, `...`, docstrings, bare expressions", lambda: (1.3,))
def nothing_happens(x):
    """A docstring."""
    pass
    ...
    x * x
    "a string"
    if x < 0:
        pass
    else:
        x = x * x
    return x


@supported("import inside", lambda: (1.3,))
def imports_inside(x):
    import math
    from math import exp as e

    import numpy.linalg as la
    return e(-x) * math.sin(x) + la.norm(np.array([x, 2.0]))


@supported("`lambda`", lambda: (1.3, 0.7))
def lambdas_called_at_once(x, y):
    f = lambda a, b=2.0, *rest, k=1.0: a * b * k + len(rest)
    return (lambda t: t * t)(x) * f(x, y) + f(y, 1.0, 2.0, 3.0, k=0.5)


@supported("comparison of strings and `None`", lambda: (1.3, "Mean", None))
def string_switches(x, how, axis):
    how = how.lower().strip()
    if how.startswith("me") and axis is None:
        x = x * {"mean": 0.5, "median": 2.0}[how]
    return x**2 if how != "sum" else x


@supported("complex and special literals", lambda: (1.3, 0.7))
def complex_literals(x, y):
    z = x + 2j * y
    w = z * (1.0 - 0.5j) / (1 + z.conjugate())
    return abs(w) + w.real * 1e-1 + 0x10 * y


@supported("`print` of arrays in a loop", lambda: (V.copy(), 2))
def progress(a, n):
    for k in range(n):
        a = a * 1.1 + np.sin(a)
        print(f"step {k}: {np.sum(a):.6f}")
    return a


@refused("a value that goes through text", lambda: (1.3,), "DifferentiationError",
         r"str|float|text",
         "its digits are rounded and read back, which is no arithmetic")
def digits_are_read_back(x):
    return float(str(x * x)) * 2.0  # here


@refused("`exec` and `eval`", lambda: (1.3,), "DifferentiationError", r"eval|exec",
         "the source of what they run is not known beforehand")
def evaluated_text(x):
    return eval("x * x") * 2.0  # here


@refused("`exec` and `eval`", lambda: (V.copy(), 1.3), "DifferentiationError", r"eval|exec",
         "the source of what they run is not known beforehand")
def executed_text(a, x):
    b = a * x
    exec("b[0] = 5.0")  # here
    return np.sum(b * b)


@refused("`locals()`", lambda: (1.3, 0.7), "DifferentiationError", r"locals",
         "generated code has other variables")
def variables_by_name(x, y):
    return sum(locals().values()) * x  # here
