"""`object.__setattr__` of what the whole program shares is refused as `f.scale = x` is."""

import pytest

import s2sdiff as sd


def test_an_active_attribute_of_a_function_is_refused():
    def f(x, y):
        def scaled(t):
            return scaled.scale * t

        object.__setattr__(scaled, "scale", x * y)
        return scaled(2.0) * x

    for run in (lambda: sd.grad(f)(1.3, 0.7), lambda: sd.jvp(f, (1.3, 0.7), (1.0, 0.0))):
        with pytest.raises(sd.UnsupportedError, match="of a function.*Instead, "):
            run()
