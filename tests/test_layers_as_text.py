"""What is written for layers in a row and for recurrent ones, and that it is right."""

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import nn
from tests.test_layers_in_loops import X, dense, three


def of(model, *args):
    return sd.source(lambda model, *args: np.mean(model(*args) ** 2), "grad", args=(model, *args))


def products(text):
    return sum(line.count(" @ ") for line in text.split("\n") if "#" not in line)


@pytest.mark.parametrize("layers", [tuple(three()), three()], ids=["tuple", "list"])
def test_layers_in_a_row_are_plain_text(layers):
    text = of(nn.Sequential(layers), X)
    assert "rt.call" not in text
    assert "_pullback" not in text
    assert products(text) == 3 + 5  # one forwards and two back, less the input's


def test_more_layers_than_a_dozen_are_plain_text_too():
    text = of(nn.Sequential([dense(3, 3, i) for i in range(20)]), X)
    assert products(text) == 20 + 39


def cells():
    keys = {"generator": np.random.default_rng(0), "dtype": float}
    return [nn.RNNCell(3, 4, **keys), nn.LSTMCell(3, 4, **keys), nn.GRUCell(3, 4, **keys)]


@pytest.mark.parametrize("cell", cells(), ids=lambda c: type(c).__name__)
def test_a_recurrent_layer_goes_by_values(cell):
    x = np.random.default_rng(0).normal(size=(2, 5, 3))
    layer = nn.Recurrent(cell)
    for text in (of(layer, x), sd.source(nn.Recurrent.run, "vjp", args=(
            layer, x, cell.initial_state(2)))):
        assert "by_place" not in text
        assert "rt.call(" not in text


def steps(p, x, n):
    for _ in range(n):
        x = np.tanh(x @ p["W"]) + p["b"]["c"]
    return np.sum(x)


def test_parameters_are_read_before_the_loop_and_copied_once():
    p = {"W": np.eye(3) / 2, "b": {"c": np.ones(3)}}
    text = sd.source(steps, "vjp", args=(p, X, 3))
    loop = text.index("for _ in")
    assert text.index("p['W']") < loop
    assert text.count("rt.copy(p_W)") == 1
    assert text.index("rt.copy(p_W)") < loop
    assert "p_W_bar +=" in text
    for n in (0, 1, 3):
        gradient = sd.grad(steps)(p, X, n)
        for path, h in ((("W",), np.eye(3)), (("b", "c"), np.ones(3))):
            def moved(s):
                W, c = p["W"], p["b"]["c"]
                return steps({"W": W + s * h if path == ("W",) else W,
                              "b": {"c": c + s * h if path != ("W",) else c}}, X, n)

            found = gradient["W"] if path == ("W",) else gradient["b"]["c"]
            expected = (moved(1e-6) - moved(-1e-6)) / 2e-6
            assert np.sum(found * h) == pytest.approx(expected, rel=1e-6, abs=1e-6)


def test_a_pullback_stands_at_the_point_of_the_call():
    p, x = {"W": np.eye(3) / 2, "b": {"c": np.ones(3)}}, X.copy()
    expected = sd.grad(steps)(p, x, 3)["W"]
    _, pullback = sd.vjp(steps, p, x, 3)
    p["W"][:] = 7.0
    x[:] = 0.0
    np.testing.assert_allclose(pullback(1.0)[0]["W"], expected)


def through_cell(model, x):
    return np.sum(model.run(x, model.cell.initial_state(len(x)))[0])


def test_text_with_methods_runs_as_printed():
    x = np.random.default_rng(0).normal(size=(2, 5, 3))
    model = nn.Recurrent(cells()[1])
    text = sd.source(through_cell, "grad", args=(model, x))
    assert "rt.derived(Recurrent.run" in text
    space = dict(globals())
    exec(text, space)
    found, expected = space["through_cell_grad"](model, x), sd.grad(through_cell)(model, x)
    np.testing.assert_array_equal(found.cell.bias, expected.cell.bias)


def test_of_an_object_that_holds_very_much_less_is_known_and_it_is_right():
    from s2sdiff.kinds_of_arguments import kind_of_argument

    def parts(kind):
        return 1 + sum(map(parts, kind.items or ()))

    def filled(level):
        made = type(f"Level{level}", (), {})()
        made.w = np.ones(2)
        for i in range(6 if level else 0):
            setattr(made, f"part_{i}", filled(level - 1))
        return made

    small, large = filled(2), filled(4)
    assert parts(kind_of_argument(small, "m")) > 43
    assert parts(kind_of_argument(large, "m")) < 400 < parts(kind_of_argument(small, "m")) * 40
    for model in (small, large):
        gradient = sd.grad(lambda m: np.sum(m.part_1.part_2.w ** 2) * np.sum(m.w))(model)
        np.testing.assert_array_equal(gradient.part_1.part_2.w, [4.0, 4.0])
        np.testing.assert_array_equal(gradient.part_0.part_2.w, [0.0, 0.0])
