"""Functions that decorators make of a text, which they keep with the function."""

import pytest

import s2sdiff as sd

TEXT = "def {0}(x, k=2.0):\n    return inner(x * x, k)\n"


def inner(a, k):
    return a * k


def made(name, attribute):
    space = {"inner": inner, "__name__": __name__, "__loader__": __loader__}
    text = TEXT.format(name)
    exec(compile(text, f"<made for {name}>", "exec"), space)
    function = space[name]
    setattr(function, attribute, text)
    return function


@pytest.mark.parametrize("attribute", ["__source__", "_code"])
def test_their_text_is_read(attribute):
    function = made(f"kept_as{attribute}", attribute)
    assert sd.grad(function)(3.0) == 12.0
    assert sd.jvp(lambda x: function(x) * 2.0, (3.0,), (1.0,)) == (36.0, 24.0)


def test_the_text_of_the_module_is_not_taken_for_theirs():
    function = made("kept_nowhere", "note")
    with pytest.raises(sd.DifferentiationError, match="no source text for kept_nowhere"):
        sd.grad(function)(3.0)


def test_another_text_is_refused():
    function = made("kept_wrongly", "note")
    function.__source__ = TEXT.format("kept_wrongly").replace("x * x", "x")
    with pytest.raises(sd.DifferentiationError, match="is not what was compiled"):
        sd.grad(function)(3.0)
