"""A module that replaces a method as soon as it is imported."""

from tests import replaced_later

replaced_later.Model.step = lambda self, x: x * x * x
