"""What a signature tells of default values, which may have a derivative."""

import inspect

import pytest

import s2sdiff as sd


def of_a_signature(x):
    def g(y=x * x):
        return y

    return inspect.signature(g).parameters["y"].default * x


def bound_to_a_signature(x):
    def g(y, *, z=x):
        return y * z

    call = inspect.signature(g).bind(x * x)
    call.apply_defaults()
    return g(*call.args, **call.kwargs)


def of_a_specification(x):
    g = lambda y=x * x: y  # noqa: E731
    return inspect.getfullargspec(g).defaults[0] * x


@pytest.mark.parametrize("f", [of_a_signature, bound_to_a_signature, of_a_specification])
@pytest.mark.parametrize("way", [lambda f: sd.vjp(f, 0.7), lambda f: sd.jvp(f, (0.7,), (1.0,))])
def test_active_defaults_are_not_shown(f, way):
    with pytest.raises(sd.UnsupportedError, match="default values that may be active. Instead, "):
        way(f)


def test_signatures_tell_the_number_of_parameters_and_what_is_no_number():
    def f(x):
        def g(y, z, *, squared=True):
            return y * x * z

        parameters = inspect.signature(g).parameters
        return g(x, 2.0) * (len(parameters) if parameters["squared"].default else x)

    assert sd.grad(f)(3.0) == 2 * 6 * 3.0
    assert sd.jvp(f, (3.0,), (1.0,)) == (54.0, 36.0)
