"""What a pullback has read outside is as it was then, whoever writes it before that runs."""

import numpy as np
import pytest

import s2sdiff as sd
from tests import outside_module

WEIGHTS = np.array([2.0, 3.0])


class Settings:
    weights = np.array([2.0, 3.0])
    table = {"w": np.array([2.0, 3.0])}
    rows = [np.array([2.0, 3.0])]

    def __init__(self):
        self.own = np.array([2.0, 3.0])

    def of_class(self, a):
        return a * self.rows[0] * self.table["w"]


SETTINGS = Settings()


def scaled(a):
    return a * scaled.by


scaled.by = np.array([2.0, 3.0])


def by_a_name(a):
    return a * WEIGHTS


def of_a_class(a):
    return a * Settings.weights


def a_view_of_a_class(a):
    return a.reshape(2) * Settings.weights[::-1]


def in_a_table(a):
    return a * Settings.table["w"]


def in_a_list(a):
    return np.sin(a) * Settings.rows[0]


def by_a_method(a):
    return Settings().of_class(a)


def of_an_object(a):
    return a * SETTINGS.own


def of_a_module(a):
    return a * outside_module.kept_weights


def in_a_loop(a):
    total = 0.0
    for _ in range(2):
        total = total + a * a * Settings.weights
    return total


def handed_on(a):
    return product(a, Settings.weights)


def product(a, w):
    return a * w + w


CASES = [
    (by_a_name, lambda: WEIGHTS), (of_a_class, lambda: Settings.weights),
    (a_view_of_a_class, lambda: Settings.weights), (in_a_table, lambda: Settings.table["w"]),
    (in_a_list, lambda: Settings.rows[0]), (by_a_method, lambda: Settings.rows[0]),
    (of_an_object, lambda: SETTINGS.own), (of_a_module, lambda: outside_module.kept_weights),
    (in_a_loop, lambda: Settings.weights), (handed_on, lambda: Settings.weights),
    (scaled, lambda: scaled.by),
]


@pytest.mark.parametrize("f, written", CASES, ids=lambda c: getattr(c, "__name__", ""))
def test_what_is_written_later_does_not_matter(f, written, monkeypatch):
    monkeypatch.setattr(outside_module, "kept_weights", np.array([2.0, 3.0]), raising=False)
    a, bar = np.array([0.5, -0.4]), np.array([0.3, 1.1])
    slopes = bar * (f(a + 1e-6) - f(a - 1e-6)) / 2e-6
    kept = written().copy()
    try:
        _, pullback = sd.vjp(f, a)
        np.testing.assert_allclose(pullback(bar), slopes, rtol=1e-6)
        written()[:] = 7.0
        np.testing.assert_allclose(pullback(bar), slopes, rtol=1e-6)
        # Another call sees what is there now.
        slopes = bar * (f(a + 1e-6) - f(a - 1e-6)) / 2e-6
        np.testing.assert_allclose(sd.vjp(f, a)[1](bar), slopes, rtol=1e-6)
    finally:
        written()[:] = kept
