"""Text made of active values that a library keeps, and text beside it that is none."""

import configparser

import pytest

import s2sdiff as sd

CONFIG = configparser.ConfigParser()
CONFIG.add_section("a")
CONFIG.set("a", "scale", "2.5")
CONFIG.set("a", "kind", "square")


def read_back(x):
    CONFIG.set("a", "v", str(x))
    return float(CONFIG.get("a", "v")) * x


def read_back_as_a_number(x):
    CONFIG.set("a", "v", str(x))
    return CONFIG.getfloat("a", "v") * x


def settings(x):
    scale = CONFIG.getfloat("a", "scale")
    return scale * x**2 if CONFIG.get("a", "kind") == "square" else x


@pytest.mark.parametrize("f", [read_back, read_back_as_a_number])
@pytest.mark.parametrize("way", [lambda f: sd.grad(f)(0.7), lambda f: sd.jvp(f, (0.7,), (1.0,))],
                         ids=["backwards", "forwards"])
def test_a_number_read_back_is_refused(f, way):
    with pytest.raises(sd.UnsupportedError, match=r"read back(.|\n)*Instead, use the number"):
        way(f)


def test_settings_are_read():
    assert sd.grad(settings)(0.7) == pytest.approx(3.5)
    assert sd.jvp(settings, (0.7,), (1.0,))[1] == pytest.approx(3.5)
