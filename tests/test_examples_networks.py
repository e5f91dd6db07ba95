"""The tutorial's examples 4 and 6: the numbers that are printed, and the order of what is said."""

import collections
import re

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import nn
from tests.test_examples import ROOT, example, load, printed, readme_blocks

LOSSES = [0.45304087, 0.43502235, 0.40576553, 0.38182113, 0.36222494, 0.34618416, 0.33304712,
          0.32227832, 0.3134383, 0.30616698]
FIRST = [-0.25, -0.25, -0.2143442, -0.1791575]
LAST = [-0.17348853, -0.14115131, -0.074935496, -0.023015507]
NUMBER = r"-?\d+\.?\d*(?:e[+-]?\d+)?"


def steps(lines):
    """Loss, cotangent of the prediction and of the hidden layer, of each step that is printed."""
    found, part = [], None
    for line in lines:
        name, _, rest = line.partition(":" if line.startswith("Loss") else " =")
        if name in ("Loss", "dL/dŷ", "dL/dlayer1"):
            if name == "Loss":
                found.append([])
            part = []
            found[-1].append((name, part))
        else:
            rest = line
        part += [float(number) for number in re.findall(NUMBER, rest)]
    return found


def by_hand():
    """The ten steps in double precision, with the derivative written out."""
    module = example("example4_neural_network")
    x, y = module.X.astype(float), module.Y.astype(float)
    w1, w2, b1, b2 = module.W1.astype(float), module.W2.astype(float), np.zeros(10), np.zeros(1)
    for _ in range(10):
        hidden = np.maximum(x @ w1 + b1, 0)
        out = hidden @ w2 + b2
        predicted = np.maximum(out, 0)
        errors = predicted - y
        predicted_bar = (2 * errors / 16).sum(axis=1, keepdims=True)
        out_bar = predicted_bar * (out > 0)
        hidden_bar = out_bar @ w2.T
        yield [np.mean(errors**2)], predicted_bar.ravel(), hidden_bar.ravel()
        z_bar = hidden_bar * (hidden > 0)
        w2, b2 = w2 - 0.02 * hidden.T @ out_bar, b2 - 0.02 * out_bar.sum(axis=0)
        w1, b1 = w1 - 0.02 * x.T @ z_bar, b1 - 0.02 * z_bar.sum(axis=0)


def test_example_4_prints_the_450_numbers_of_the_tutorial_to_2e_7(capsys):
    found = steps(printed(example("example4_neural_network"), capsys))
    assert len(found) == 10
    assert [[name for name, _ in step] for step in found] == \
        [["Loss", "dL/dŷ", "dL/dlayer1"]] * 10
    numbers = [number for step in found for _, part in step for number in part]
    assert len(numbers) == 450
    expected = [number for step in by_hand() for part in step for number in part]
    np.testing.assert_allclose(numbers, expected, rtol=0, atol=2e-7)
    np.testing.assert_allclose([step[0][1][0] for step in found], LOSSES, rtol=0, atol=2e-7)
    np.testing.assert_allclose(found[0][1][1], FIRST, rtol=0, atol=2e-7)
    np.testing.assert_allclose(found[-1][1][1], LAST, rtol=0, atol=2e-7)


def test_example_4_has_no_slope_where_the_prediction_is_zero():
    module = example("example4_neural_network")
    gradients = []
    model = module.made()
    hidden = model.layer1(module.X)
    _, pullback = sd.vjp(lambda hidden: np.mean((model.layer2(hidden) - module.Y) ** 2), hidden)
    gradients = pullback(np.float32(1.0))
    assert (model.layer2(hidden)[:2] == 0.0).all()
    np.testing.assert_array_equal(gradients[:2], np.zeros((2, 10)))
    assert gradients[2:].any()


def test_example_4_computes_in_single_precision_and_prints_no_rounder_numbers(capsys):
    module = example("example4_neural_network")
    model = module.train(module.made(), steps=1)
    capsys.readouterr()
    assert {model.layer1.weight.dtype, model.layer2.bias.dtype} == {np.dtype(np.float32)}
    value = module.loss(module.made(), module.X, module.Y)
    assert value.dtype == np.float32
    assert value == pytest.approx(LOSSES[0], abs=1e-7)


def test_example_6_says_what_is_applied_in_the_tutorials_order_and_loses_every_step(capsys):
    lines = printed(example("example6_checkpointed_layer"), capsys)
    assert len(lines) == 5 * 6
    losses = []
    for i in range(5):
        start, *said = [line.strip() for line in lines[6 * i : 6 * i + 6]]
        assert start == f"Starting training step {i + 1}"
        assert [s for s in said if not s.startswith("Loss: ")] == [
            "Running original computation...", "Applying Conv2D layer...",
            "Running backpropagation...", "Applying Conv2D layer..."]
        assert said[2].startswith("Loss: ")
        losses.append(float(said[2].removeprefix("Loss: ")))
    assert all(later < earlier for earlier, later in zip(losses, losses[1:]))


@pytest.fixture
def model_and_data():
    module = example("example6_checkpointed_layer")
    generator = np.random.default_rng(5)
    return module, module.made(generator), module.data(generator)


def gradient_of(model, x, labels):
    logits, backprop = model.applied_for_backpropagation(x)
    return backprop(sd.grad(nn.softmax_cross_entropy)(logits, labels))


def test_example_6_gives_the_same_gradient_to_the_bit_with_and_without(model_and_data, capsys):
    module, model, (x, labels) = model_and_data
    gradient, x_bar = gradient_of(model, x, labels)
    assert type(gradient) is module.Model
    assert type(gradient.conv) is module.ActivationDiscarding
    assert gradient.conv.wrapped.filter.shape == (5, 5, 3, 6)
    for plain in (model.conv.wrapped,
                  nn.Layer.discarding_activations(model.conv.wrapped)):
        other = module.Model(plain, model.max_pool, model.flatten, model.dense)
        kept, x_again = gradient_of(other, x, labels)
        conv = getattr(kept.conv, "wrapped", kept.conv)
        np.testing.assert_array_equal(conv.filter, gradient.conv.wrapped.filter)
        np.testing.assert_array_equal(conv.bias, gradient.conv.wrapped.bias)
        np.testing.assert_array_equal(kept.dense.weight, gradient.dense.weight)
        np.testing.assert_array_equal(x_again, x_bar)
    assert capsys.readouterr().out.count("Applying Conv2D layer...") == 2


def test_example_6_gives_the_gradient_of_differences(model_and_data, capsys):
    module, model, (x, labels) = model_and_data
    conv, dense = model.conv.wrapped, model.dense
    for layer, names in ((conv, ("filter", "bias")), (dense, ("weight", "bias"))):
        for name in names:
            setattr(layer, name, getattr(layer, name).astype(np.float64))
    x = x.astype(np.float64)
    gradient, x_bar = gradient_of(model, x, labels)
    generator = np.random.default_rng(6)
    for array, bar in ((conv.filter, gradient.conv.wrapped.filter), (x, x_bar),
                       (conv.bias, gradient.conv.wrapped.bias),
                       (dense.weight, gradient.dense.weight)):
        direction, kept, step = generator.normal(size=array.shape), array.copy(), 1e-6
        ends = []
        for s in (step, -step):
            array[...] = kept + s * direction
            ends.append(nn.softmax_cross_entropy(model(x), labels))
        array[...] = kept
        slope = (ends[0] - ends[1]) / (2 * step)
        assert np.sum(bar * direction) == pytest.approx(slope, rel=1e-6)
    capsys.readouterr()


# ----------------------------------------------------------------------------- training runs


def of_file(name):
    return load(ROOT / "examples" / f"{name}.py")


def test_lenet_recognises_98_per_cent_of_held_out_digits_and_draws_what_it_misread(
        tmp_path, capsys):
    pyplot = pytest.importorskip("matplotlib.pyplot", reason="it draws with matplotlib")
    of_file("lenet").main(["--picture", str(tmp_path / "lenet.png")])
    out = capsys.readouterr().out
    assert "training" in out
    recognised = re.search(r"held out: 359 digits, ([\d.]+)% recognised", out)
    assert float(recognised[1]) >= 98.0
    picture = pyplot.imread(tmp_path / "lenet.png")
    assert picture.shape[1] == 900
    assert picture.shape[0] >= 300
    # A curve and digits: not an empty page.
    assert (picture[:250, :, :3].min(axis=2) < 0.5).sum() > 500
    assert (picture[250:, :, :3].min(axis=2) < 0.5).sum() > 500


def test_lenet_prints_source_that_compiles_without_shadows_by_place(capsys):
    of_file("lenet").main(["--source"])
    text = capsys.readouterr().out
    compile(text, "<generated>", "exec")
    assert "filter_bar" in text
    assert "by_place" not in text


def test_the_gradient_of_lenet_is_that_of_differences():
    module = of_file("lenet")
    (images, labels), _ = module.data()
    images, labels = images[:3].astype(float), labels[:3]
    model = module.made(np.random.default_rng(2))
    model = nn.inference(sd.move(model, along=sd.tangent_map(
        lambda p: 0.05 * np.random.default_rng(3).normal(size=p.shape), model)))
    for layer in (model.conv1, model.conv2, model.dense1, model.dense2):
        for name in ("filter", "weight", "bias"):
            if hasattr(layer, name):
                setattr(layer, name, getattr(layer, name).astype(float))
    gradient = sd.grad(module.loss)(model, images, labels)
    generator = np.random.default_rng(4)
    direction = sd.tangent_map(lambda g: generator.normal(size=g.shape), gradient)
    ends = [module.loss(sd.move(model, along=s * sd.TangentVector(direction)), images, labels)
            for s in (1e-6, -1e-6)]
    assert sd.TangentVector(gradient) @ direction == pytest.approx(
        (ends[0] - ends[1]) / 2e-6, rel=1e-6)


def test_the_writer_learns_and_writes_in_the_texts_characters(capsys):
    module = of_file("characters")
    module.main(["--steps", "60"])
    out = capsys.readouterr().out
    assert "856 characters" in out
    bits = float(re.search(r"the whole text: ([\d.]+) bits", out)[1])
    # The bits that it takes where only how often each character is found is known.
    counts = np.array(list(collections.Counter(module.zen()).values()))
    alone = -np.sum(counts * np.log2(counts / counts.sum())) / counts.sum()
    assert bits < alone - 0.4
    assert "written: The Zen of Python, b" in out


def test_the_autoencoder_gains_on_images_that_it_has_not_seen(tmp_path, capsys):
    pyplot = pytest.importorskip("matplotlib.pyplot", reason="it draws with matplotlib")
    of_file("variational_autoencoder").main(
        ["--epochs", "30", "--picture", str(tmp_path / "plane.png")])
    out = capsys.readouterr().out
    bound = float(re.search(r"held out: 359 digits, bound (-[\d.]+)", out)[1])
    # What every pixel's mean alone gives, and what the whole run ends at.
    module = of_file("variational_autoencoder")
    learn, held_out = module.data()
    mean = learn.mean(axis=0).clip(1e-3, 1 - 1e-3)
    alone = (held_out * np.log(mean) + (1 - held_out) * np.log(1 - mean)).sum(axis=1).mean()
    assert alone + 1.0 < bound < -20.0
    assert pyplot.imread(tmp_path / "plane.png").shape[:2] == (600, 600)


def test_the_network_of_the_readme_learns_and_is_saved(tmp_path, monkeypatch):
    (block,) = [b for b in readme_blocks() if "class Reader" in b]
    path = tmp_path / "readme_reader.py"
    path.write_text(f"import numpy as np\nimport s2sdiff as sd\n{block}", "utf-8")
    monkeypatch.chdir(tmp_path)
    module = load(path)
    start = module.loss(module.Reader(
        nn.Conv2D((3, 3, 1, 8), nn.relu, padding="same", generator=np.random.default_rng(0)),
        nn.Dense(4 * 4 * 8, 10, generator=np.random.default_rng(0))), module.images, module.labels)
    assert module.value < 0.7 * start
    loaded = nn.load(tmp_path / "reader.npz", like=module.model)
    np.testing.assert_array_equal(loaded.conv.filter, module.model.conv.filter)
