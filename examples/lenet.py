"""A small LeNet that learns to read handwritten digits, of layers and an optimiser of `s2sdiff.nn`.

The data are the 1,797 real images of 8 x 8 pixels that scikit-learn brings along; every fifth is
held out.  At the end there is a picture of how the loss fell and of the digits that were misread.

    python examples/lenet.py                    train, and draw lenet.png
    python examples/lenet.py --picture ""       without a picture
    python examples/lenet.py --source           print the generated gradient, as source code
"""

import argparse
import time
from dataclasses import dataclass

import numpy as np
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from sklearn.datasets import load_digits
from threadpoolctl import threadpool_limits

import s2sdiff as sd
from s2sdiff import nn


@dataclass(eq=False)
class LeNet(nn.Layer):
    conv1: nn.Conv2D
    conv2: nn.Conv2D
    dense1: nn.Dense
    dropout: nn.Dropout
    dense2: nn.Dense

    def __call__(self, images):
        x = nn.max_pool2d(self.conv1(images), 2)
        x = nn.max_pool2d(self.conv2(x), 2)
        x = np.reshape(x, (len(x), -1))
        return self.dense2(self.dropout(self.dense1(x)))


def made(generator):
    he = {"padding": "same", "filter_initialiser": nn.he_normal, "generator": generator}
    return LeNet(
        nn.Conv2D((3, 3, 1, 16), nn.relu, **he),
        nn.Conv2D((3, 3, 16, 32), nn.relu, **he),
        nn.Dense(2 * 2 * 32, 64, nn.relu, generator=generator),
        nn.Dropout(0.3, generator=generator),
        nn.Dense(64, 10, generator=generator),
    )


def loss(model, images, labels):
    return nn.softmax_cross_entropy(model(images), labels)


def data():
    """Images and labels to learn from, and those held out."""
    digits = load_digits()
    order = np.random.default_rng(0).permutation(len(digits.target))
    images = (digits.images[order, :, :, None] / 16.0).astype(np.float32)
    labels = digits.target[order]
    held_out = len(labels) // 5
    return (images[held_out:], labels[held_out:]), (images[:held_out], labels[:held_out])


def shifted(images, generator):
    """The images, each moved by up to a pixel: more to learn from."""
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0)))
    moved = np.empty_like(images)
    for i, (down, right) in enumerate(generator.integers(0, 3, (len(images), 2))):
        moved[i] = padded[i, down : down + 8, right : right + 8]
    return moved


def train(images, labels, epochs, batch=64, report=lambda mean: None):
    """The trained model, and the mean loss of each epoch."""
    generator = np.random.default_rng(1)
    model = made(generator)
    steps = -(-len(labels) // batch) * epochs
    optimiser = nn.Adam(nn.cosine_decay(0.006, steps))
    loss_and_gradient = sd.value_and_grad(loss)
    means = []
    for _ in range(epochs):
        order, losses = generator.permutation(len(labels)), []
        for start in range(0, len(order), batch):
            chosen = order[start : start + batch]
            value, gradient = loss_and_gradient(
                model, shifted(images[chosen], generator), labels[chosen])
            model = optimiser.update(model, along=gradient)
            losses.append(float(value))
        means.append(float(np.mean(losses)))
        report(means[-1])
    return nn.inference(model), means


def draw(path, means, images, labels, read):
    """The loss of each epoch, and the misread digits, as a picture."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    wrong = np.flatnonzero(read != labels)[:10]
    across, lines = min(len(wrong), 5) or 1, -(-len(wrong) // 5)
    figure = pyplot.figure(figsize=(9, 3 + 1.3 * lines), layout="constrained")
    rows = figure.add_gridspec(1 + lines, across, height_ratios=(2, *[1] * lines))
    curve = figure.add_subplot(rows[0, :])
    curve.semilogy(range(1, len(means) + 1), means)
    curve.set(xlabel="epoch", ylabel="mean cross entropy", title="Training")
    curve.grid(alpha=0.3)
    for i, n in enumerate(wrong):
        shown = figure.add_subplot(rows[1 + i // across, i % across])
        shown.imshow(images[n, :, :, 0], cmap="gray_r")
        shown.set_title(f"{labels[n]} read as {read[n]}", fontsize=9)
        shown.set_axis_off()
    figure.savefig(path, dpi=100)
    pyplot.close(figure)


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Learn to read digits with convolutions.")
    parser.add_argument("--source", action="store_true", help="print the generated gradient")
    parser.add_argument("--epochs", type=int, default=40)
    parser.add_argument("--picture", default="lenet.png", help="where to draw ('' for nowhere)")
    options = parser.parse_args(arguments)
    learn, held_out = data()
    if options.source:
        model = made(np.random.default_rng(1))
        print(sd.source(loss, "grad", args=(model, *learn)))
        return
    start = time.perf_counter()
    columns = TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn()
    # Matrices as small as these are multiplied faster by one thread.
    with threadpool_limits(1), Progress(*columns) as progress:
        task = progress.add_task("training", total=options.epochs)
        model, means = train(
            *learn, options.epochs,
            report=lambda mean: progress.update(
                task, advance=1, description=f"training, loss {mean:.4f}"
            ),
        )
    seconds = time.perf_counter() - start
    images, labels = held_out
    read = np.argmax(model(images), axis=1)
    print(f"{len(learn[1])} digits learnt from, {options.epochs} epochs, {seconds:.1f} s")
    print(f"held out: {len(labels)} digits, {np.mean(read == labels):.1%} recognised")
    if options.picture:
        draw(options.picture, means, images, labels, read)
        print("drawn:", options.picture)


if __name__ == "__main__":
    main()
