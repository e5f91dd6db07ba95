"""Several names for one thing: what is written by one name is read by the others."""

import copy

import numpy as np

from tests.language.table import refused, supported

V = np.array([0.5, -1.2, 2.0, 0.8])
W = np.array([[1.0, 2.0], [0.5, -1.0]])


def scaled_in_place(a, x):
    a *= x
    return a


def same_or_other(a, b, first):
    return a if first else b


@supported("two names for an array", lambda: (V.copy(), 1.3))
def second_name_sees_the_write(a, x):
    a = a * 1.0
    b = a
    b[0] = x
    a[1] = b[0] * x
    return b * V


@supported("two names for an array", lambda: (V.copy(), 1.3))
def augmented_assignment_changes_the_other_name(a, x):
    b = a * x
    c = b
    b += a
    b = b * 2.0
    b += 1.0
    return b * c


@supported("two names for an array", lambda: (V.copy(), 1.3))
def one_of_two_arrays(a, x):
    b, c = a * 1.0, a * x
    d = b if a[0] > 0 else c
    d[1] = x
    c[2] = d[1] * b[1]
    return b * c


@supported("two names for an array", lambda: (V.copy(), 1.3))
def names_change_places_in_a_loop(a, x):
    old, new = a * 1.0, np.zeros(4)
    for _ in range(3):
        new[1:] = old[:-1] * x
        new[0] = old[-1]
        old, new = new, old
    return old + 0.1 * new


@supported("two names for a list", lambda: (1.3, 0.7))
def appended_by_another_name(x, y):
    a = [x]
    b = a
    b.append(y)
    a += [x * y]
    a = a + [1.0]
    return len(b) * b[1] * b[2] + len(a) * a[0]


@supported("two names for a list", lambda: (1.3, [0.5, 2.0]))
def list_in_two_containers(x, v):
    table = {"now": v, "all": [v, [x]]}
    table["now"][0] = x * x
    table["all"][0].append(v[0] * v[1])
    return sum(v) * table["all"][1][0]


@supported("the same list as every element", lambda: (1.3,))
def rows_are_one_list(x):
    m = [[0.0, 1.0]] * 3
    for k, row in enumerate(m):
        row[0] += x * (k + 1)
    return m[0][0] * m[2][0] * m[1][1]


@supported("the same list as every element", lambda: (V.copy(), 1.3))
def same_array_three_times(a, x):
    layers = [a * 1.0] * 3
    for k, layer in enumerate(layers):
        layer *= x
        layer[k] += 1.0
    return layers[0] * layers[2]


@supported("array inside of a container", lambda: (V.copy(), 1.3))
def array_written_in_a_list(a, x):
    b = a * 1.0
    boxes = [b, b[1:]]
    boxes[1][0] = x
    boxes[0] *= x
    return boxes[1] * b[:3]


@supported("array inside of a container", lambda: ({"u": V.copy(), "k": 1.3},))
def array_written_in_a_dict(p):
    u = p["u"]
    u[0] = p["k"] * u[1]
    p["u"][1:] *= u[0]
    p["k"] += 1.0
    return np.sum(u**2) * p["k"]


@supported("array inside of a container", lambda: (V.copy(), 1.3))
def container_item_augmented(a, x):
    state = {"u": a * 1.0}
    u = state["u"]
    state["u"] += x
    state["u"] = state["u"] * 2.0
    state["u"] += u
    return u * state["u"]


@supported("a function that returns its argument", lambda: (V.copy(), 1.3))
def argument_comes_back(a, x):
    a = a * 1.0
    b = scaled_in_place(a, x)
    b[0] = x
    return a * b


@supported("a function that returns its argument", lambda: (V.copy(), 1.3))
def one_of_the_arguments_comes_back(a, x):
    b, c = a * 1.0, a * x
    d = same_or_other(b, c, x > 2.0)
    d[0] = x * b[1]
    d *= d
    return b * c


@supported("a function that returns its argument", lambda: (V.copy(),))
def argument_is_the_result(a):
    a[1:3] *= a[0]
    return a


@supported("one array as two arguments", lambda: (V.copy(),))
def array_with_itself(a):
    def blend(p, q):
        p = p * 1.0
        p[0] = q[1]
        return p @ q

    return blend(a, a) + a @ a


@supported("one array as two arguments", lambda: (V.copy(), 1.3))
def array_passed_twice_and_written(a, x):
    def shift(target, source):
        target[0] = x * source[1]
        target[1:] += source[0]

    b = a * 1.0
    shift(b, b)
    shift(b[1:], b[:3])
    return b * V


@supported("one array as two arguments", lambda: (lambda a: (a, a[1:], a))(V.copy()))
def shared_arguments_are_only_read(a, b, c):
    c = c * a
    c[1:] += b
    return c


@supported("copies", lambda: ([[1.3, 0.7], [2.0, 0.5]],))
def shallow_and_deep_copies(m):
    shallow, deep = copy.copy(m), copy.deepcopy(m)
    m[0][0] *= 3.0
    shallow[1] = [1.0, m[0][1]]
    deep[0][1] = shallow[0][0] * 2.0
    return shallow[0][0] * deep[0][1] + m[1][0] * deep[0][0] + shallow[1][1]


@supported("copies", lambda: (V.copy(), 1.3))
def copy_before_a_write(a, x):
    old = a.copy()
    a += x * old
    a[0] = old[0] ** 2
    return a * old


@supported("identity as a test", lambda: (V.copy(), 1.3))
def same_object(a, x):
    b = np.asarray(a)
    c = a[:]
    y = x * 2.0 if b is a and c is not a else x
    return y * np.sum(a[:2]) if np.shares_memory(a, c) else 0.0


@supported("a global array is read", lambda: (1.3,))
def global_matrix(x):
    v = W @ np.array([x, x * x])
    v[0] += W[1, 0]
    return v


@refused("two arguments share memory that is written", lambda: (lambda a: (a, a))(V.copy()),
         "AliasingError", r"shar|overlap|same memory|alias",
         "it is one place, and both gradients would claim it")
def arguments_that_are_one_array(a, b):
    a[0] = 2.0 * b[1]  # here
    return np.sum(a * b)


@refused("two arguments share memory that is written", lambda: (lambda a: (a[:3], a[1:]))(V.copy()),
         "AliasingError", r"shar|overlap|same memory|alias",
         "it is one place, and both gradients would claim it")
def arguments_that_overlap(a, b):
    a *= 2.0  # here
    return np.sum(a * b)


@refused("a write through `sd.stop_gradient`", lambda: (V.copy(), 1.3), "AliasingError", r"stop",
         "the same memory would have a derivative by one name and none by the other")
def written_through_a_stopped_name(a, x):
    import s2sdiff as sd
    b = a * 1.0
    c = sd.stop_gradient(b)
    c[0] = x  # here
    return np.sum(b * b)


@refused("a global name that is bound to an active value", lambda: (1.3,), "UnsupportedError",
         r"global", "anybody may read it at any time, after the function has returned, too")
def global_counter(x):
    global TOTAL
    TOTAL = x * x  # here
    return TOTAL * x


@supported("a global count", lambda: (1.3,))
def evaluations_are_counted(x):
    global COUNT
    before = COUNT
    COUNT += 2
    y = x**COUNT
    COUNT = before
    return y * COUNT


@refused("a global array that is written", lambda: (1.3,), "UnsupportedError", r"global|WORK",
         "anybody may read it at any time, after the function has returned, too")
def global_work_array(x):
    WORK[0] = x  # here
    return WORK[0] * WORK[1]


WORK = np.array([0.0, 2.0])
TOTAL = 0.0
COUNT = 1
