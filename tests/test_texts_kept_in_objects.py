"""Text of an active value that is put into an object, which makes a number of it again."""

import functools
import operator

import pytest

import s2sdiff as sd

READ_BACK = "read back into the result.*Instead, use the number itself"


class Kept:
    def __init__(self):
        self.text, self.lines, self.scale = "", [], 2.0

    def number(self):
        return self.parsed()

    def parsed(self):
        return float(self.text)

    def last(self):
        return float(self.lines[-1])

    def scaled(self, x):
        return float(self.scale) * x

    number_now = property(parsed)
    __float__ = __call__ = parsed

    def __iter__(self):
        yield float(self.text)

    def __radd__(self, other):
        return other + float(self.text)


SHARED = Kept()


def put_into(kept, text):
    kept.text = text


def by_a_nested_function(x):
    kept = Kept()

    def put(text):
        kept.text = text

    put(str(x ** 3))
    return kept.number()


def by_a_lambda(x):
    kept = Kept()
    put = lambda text: put_into(kept, text)  # noqa: E731
    put(str(x ** 3))
    return kept.number()


def by_a_default(x, put=put_into):
    kept = Kept()
    put(kept, f"{x ** 3}")
    return kept.number()


def by_setattr(x):
    kept = Kept()
    setattr(kept, "text", str(x ** 3))  # noqa: B010
    return kept.number()


def by_its_own_setattr(x):
    kept = Kept()
    kept.__setattr__("text", str(x ** 3))
    return kept.number()


def by_its_fields(x):
    kept = Kept()
    vars(kept).update(text=str(x ** 3))
    return kept.number()


def into_a_global(x):
    SHARED.text = str(x ** 3)
    return SHARED.number()


READERS = {
    "a property": lambda kept: kept.number_now,
    "a call": lambda kept: kept(),
    "float": float,
    "an operator": lambda kept: 0.0 + kept,
    "a sum": sum,
    "a method with a name": lambda kept: (lambda get: get())(kept.number),
    "a partial": lambda kept: functools.partial(Kept.number, kept)(),
    "a method caller": operator.methodcaller("number"),
    "an attribute getter": operator.attrgetter("number_now"),
    "getattr": lambda kept: getattr(kept, "number_now"),  # noqa: B009
}


def by_a_loop(x):
    kept = Kept()
    kept.text = str(x ** 3)
    total = 0.0
    for value in kept:
        total += value
    return total


def read_by(reader):
    def f(x):
        kept = Kept()
        kept.text = str(x ** 3)
        return reader(kept)

    return f


WAYS = {f.__name__: f for f in (
    by_a_nested_function, by_a_lambda, by_a_default, by_setattr, by_its_own_setattr, by_its_fields,
    into_a_global, by_a_loop)} | {n: read_by(reader) for n, reader in READERS.items()}


@pytest.mark.parametrize("name", WAYS)
def test_a_number_that_an_object_makes_of_text_is_refused(name):
    f = WAYS[name]
    assert f(2.0) == pytest.approx(8.0)
    for derivative in (lambda: sd.grad(f)(2.0), lambda: sd.vjp(f, 2.0),
                       lambda: sd.jvp(f, (2.0,), (1.0,))):
        with pytest.raises(sd.UnsupportedError, match=READ_BACK):
            derivative()


def test_labels_beside_numbers_are_left_alone():
    def f(x):
        kept = Kept()
        kept.label = f"at {x}"
        kept.size = x
        return kept.size ** 3

    sd.check_grads(f, (2.0,))


def test_text_in_another_object_is_left_alone():
    def f(x):
        other, kept = Kept(), Kept()

        def put(text):
            other.text = text

        put(f"at {x}")
        return kept.scaled(1.0) * x ** 3

    sd.check_grads(f, (2.0,))
