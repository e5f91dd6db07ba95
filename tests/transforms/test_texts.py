"""Text made of active values may lie among numbers; no number is read back from it."""

import io
import json
import pickle

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import errors


class Named:
    def __init__(self, x):
        self.names, self.fields = [], {"name": f"{x}", "value": x}

    def add(self, x):
        self.names.append(str(x))


def in_a_dict(x):
    d = {"a": str(x)}
    return float(d["a"]) * x


def put_into_a_dict(x):
    d = {}
    d["a"] = "{:.12f}".format(x)
    return float(d["a"]) * x


def in_a_list(x):
    items = [f"{x}"]
    return float(items[0]) * x


def appended(x):
    items = []
    for v in (x, 2.0 * x):
        items.append(str(v))
    return float(items[0]) * x


def in_an_array(x):
    return float(np.array([str(x)])[0]) * x


def read_by_an_array(x):
    a, d = np.zeros(1), {"a": str(x)}
    a[0] = d["a"]
    return a[0] * x


def in_an_object(x):
    named = Named(x)
    named.add(x)
    return float(named.names[0]) * x


def in_a_field(x):
    return float(Named(x).fields["name"]) * x


def made(x):
    return {"name": str(x), "value": x}


def from_a_helper(x):
    return float(made(x)["name"]) * x


def read(d):
    return float(d["name"])


def by_a_helper(x):
    return read({"name": str(x)}) * x


@pytest.mark.parametrize("f", [
    in_a_dict, put_into_a_dict, in_a_list, appended, in_an_array, read_by_an_array, in_an_object,
    in_a_field, from_a_helper, by_a_helper,
], ids=lambda f: f.__name__)
def test_no_number_is_read_back_from_a_container_of_texts(f):
    with pytest.raises(errors.DifferentiationError, match=r"text .* Instead"):
        sd.grad(f)(1.5)


def labelled(x):
    d = {"name": f"case {x}", "value": x}
    d["value"] = d["value"] * x
    names = []
    for i in range(2):
        names.append(f"{x}-{i}")
    label = ", ".join(names)
    return d["value"] if label and d["name"].startswith("case") else 0.0


def rows(x):
    table = [("a", x), (f"b{x}", x * 2.0)]
    total = 0.0
    for name, value in table:
        if name in ("a", "b"):
            total = total + value
    return total * max(table, key=lambda row: row[1])[1]


def field_beside_a_name(x):
    named = Named(x)
    named.fields["value"] = x * x
    return named.fields["value"] * x


class Weighted:
    """It looks numbers up by a text that it holds."""

    factors = {"double": 2.0, "single": 1.0}

    def __init__(self, method, x):
        self.method, self.x = method, x

    def value(self):
        power = {"double": 2, "single": self.x}.get(self.method, 1)
        return self.x ** power * self.factors.get(self.method)


def looked_up(x):
    return Weighted("double", x).value() * Weighted("single", x).value()


def taken_away(x):
    weighted, d = Weighted("double", x), {"double": 2.0 * x, f"{x}": x}
    return d.pop(weighted.method) * d.pop(f"{x}")


@pytest.mark.parametrize("f", [
    lambda w: w.value(), lambda w: len(w.method) * w.x ** 2], ids=["get", "len"])
def test_a_text_in_an_argument_says_which_number(f):
    weighted = Weighted("double", 1.3)
    gradient = sd.grad(f)(weighted)
    expected = (f(Weighted("double", 1.3 + 1e-6)) - f(Weighted("double", 1.3 - 1e-6))) / 2e-6
    assert np.isclose(gradient.x, expected, rtol=1e-8)
    forwards = sd.jvp(f, (weighted,), (gradient,))[1]
    assert np.isclose(forwards, expected ** 2, rtol=1e-8)


def of_characters(x):
    table, total = {"b": x, "c": 2.0 * x}, 0.0
    for i in range(98, 100):
        name = chr(i).strip()
        held = [name, x]
        total = total + table[held[0]] * {"b": x}.get(name.lower(), 1.0)
    return total


@pytest.mark.parametrize("f", [
    labelled, rows, field_beside_a_name, looked_up, taken_away, of_characters,
], ids=lambda f: f.__name__)
def test_numbers_beside_texts_have_their_derivatives(f):
    sd.check_grads(f, (1.3,))


class Labelled:
    def __init__(self, x):
        self.x = x

    @property
    def label(self):
        return f"{self.x}"

    def told(self):
        return str(self.x)


def label_of(x):
    return f"{x}"


def labelled(x):
    return f"{x}", x


def labels(x):
    for v in (x, 2 * x):
        yield f"{v}"


def put_into(x):
    a = np.zeros(1)
    a[0] = str(x)
    return a[0] * x


def put_by_place(x):
    a = np.zeros(2)
    a[0] = Labelled(x).told()
    return a[0] * x


def unpacked(x):
    s, y = labelled(x)
    return float(s) * y


@pytest.mark.parametrize("f", [
    lambda x: float(label_of(x)) * x, lambda x: np.float64(label_of(x)) * x,
    lambda x: float(Labelled(x).label) * x, lambda x: float(Labelled(x).told()) * x,
    lambda x: sum(float(s) for s in labels(x)) * x, lambda x: (lambda s: float(s))(label_of(x)) * x,
    lambda x: sum(map(float, [label_of(x)])) * x, lambda x, of=label_of: float(of(x)) * x,
    unpacked, put_into, put_by_place,
], ids=range(11))
def test_no_number_is_read_back_from_a_text_that_was_made_elsewhere(f):
    for operator in (lambda: sd.grad(f)(2.0), lambda: sd.jvp(f, (2.0,), (1.0,))):
        with pytest.raises(sd.UnsupportedError, match="read back.*Instead, "):
            operator()


class Kept:
    text = None


TOLD = []


def in_a_list_of_a_dict(x):
    d = {"k": []}
    d["k"].append(json.dumps([x]))
    return json.loads(d["k"][0])[0] * x


def in_a_list_that_appears(x):
    d = {}
    d.setdefault("k", []).append(repr(x))
    return float(d["k"][0]) * x


def in_the_dict_of_an_object(x):
    kept = Kept()
    kept.__dict__["text"] = str(x)
    return float(kept.text) * x


def in_an_object_of_a_list(x):
    held = {"k": [Kept()]}
    held["k"][0].text = pickle.dumps([x])
    return pickle.loads(held["k"][0].text)[0] * x


def in_a_file(x):
    file = io.StringIO()
    file.write(str(x))
    return float(file.getvalue()) * x


def in_a_global_list(x):
    TOLD.append(str(x))
    return float(TOLD.pop()) * x


@pytest.mark.parametrize("f", [
    in_a_list_of_a_dict, in_a_list_that_appears, in_the_dict_of_an_object, in_an_object_of_a_list,
    in_a_file, in_a_global_list])
def test_no_number_is_read_back_from_a_text_that_was_put_somewhere(f):
    for operator in (lambda: sd.grad(f)(2.0), lambda: sd.jvp(f, (2.0,), (1.0,))):
        with pytest.raises(sd.UnsupportedError, match="read back.*Instead, "):
            operator()


def test_an_object_that_keeps_texts_beside_numbers_is_followed():
    def f(x):
        kept = Kept()
        kept.told, kept.weights = [], np.array([x, 2.0])
        kept.told.append(f"{x}")
        return np.dot(kept.weights, kept.weights * x) + len(kept.told)

    sd.check_grads(f, (1.5,))


@pytest.mark.parametrize("f", [
    lambda x: float("2.5") * x, lambda x: float("1.5 2.5".split()[0]) * x,
    lambda x, options={"k": "3.0", "y": 2.0}: float(options["k"]) * x * options["y"],
    lambda x: x * x * len(label_of(1.5)),
], ids=range(4))
def test_numbers_of_constant_texts_are_constants(f):
    sd.check_grads(f, (2.0,))


class Padding:
    def __init__(self, scale, mode):
        self.scale, self.mode = scale, mode

    def padded(self, x):
        mode = self.mode
        if mode == "periodic":
            x, mode = 2.0 * x, "edge"
        return np.pad(self.scale * x, 1, mode)


@pytest.mark.parametrize("mode", ["periodic", "reflect"])
def test_a_text_in_an_object_may_be_an_option(mode):
    def f(scale, x):
        return getattr(Padding(scale, mode), "pad" + "ded")(x)

    sd.check_grads(f, (1.5, np.array([1.0, 3.0, -2.0])))
