"""Objects that are asked for keys and items where a dict is made, updated or joined with them."""

import pytest

import s2sdiff as sd
from tests.slopes import slope


class Settings:
    def __init__(self, **entries):
        self.__dict__.update(entries)

    def __getitem__(self, key):
        return 0.5 * getattr(self, key)

    def __iter__(self):
        return iter(self.__dict__)

    def keys(self):
        return self.__dict__.keys()

    def __or__(self, other):
        return Settings(**{**self, **other})

    def __ror__(self, other):
        return Settings(**{**self, "c": other["a"]})


def made(x):
    settings = Settings(a=x, b=x * x)
    return dict(settings)["a"] * dict(settings, c=x)["c"] + {**settings}["b"]


def updated(x):
    table = {"b": x}
    table.update(Settings(a=x * x))
    table.update(Settings(b=x), c=x)
    return table["a"] * table["b"] + table["c"]


def joined(x):
    settings = Settings(a=x) | {"b": x * x}
    other = {"a": x} | settings
    return settings["a"] * settings["b"] + other["b"] * other["c"]


@pytest.mark.parametrize("f", [made, updated, joined])
def test_a_dict_takes_what_an_object_says_of_keys_and_items(f):
    value, pullback = sd.vjp(f, 1.3)
    assert value == f(1.3)
    for _ in range(2):
        assert pullback(1.0) == pytest.approx(slope(f, 1.3), rel=1e-6)
    assert sd.jvp(f, (1.3,), (1.0,)) == (f(1.3), pytest.approx(slope(f, 1.3), rel=1e-6))
