"""What replaces methods of `replaced_later`, and is only found when it runs."""

import contextlib
import importlib


def other(self, x):
    return x * x * x


def _model():
    return importlib.import_module("tests.replaced_later").Model


def replace():
    _model().step = other


def key(x):
    replace()
    return x


def default():
    importlib.import_module("tests.replaced_later").helper.__defaults__ = (3.0,)


@contextlib.contextmanager
def replaced():
    was = _model().step
    replace()
    yield
    _model().step = was


class Replacing:
    def __mul__(self, other):
        replace()
        return other

    def __len__(self):
        replace()
        return 2

    def __bool__(self):
        replace()
        return True

    def __str__(self):
        replace()
        return "text"
