"""A variational autoencoder that lays handwritten digits out on a plane.

The encoder gives each image a normal distribution over the plane, the decoder gives each point an
image; what is maximised is the bound of Kingma and Welling, https://arxiv.org/abs/1312.6114.  At
the end there is a picture of the images that the decoder gives for points of the plane.

    python examples/variational_autoencoder.py                train, and draw digits_plane.png
    python examples/variational_autoencoder.py --picture ""   without a picture
"""

import argparse
import statistics
import time
from dataclasses import dataclass

import numpy as np
from rich.progress import Progress
from sklearn.datasets import load_digits
from threadpoolctl import threadpool_limits

import s2sdiff as sd
from s2sdiff import nn


@dataclass(eq=False)
class Autoencoder(nn.Layer):
    hidden: nn.Dense
    mean: nn.Dense
    log_variance: nn.Dense
    decoder: nn.Sequential


def made(generator, hidden=128, plane=2):
    return Autoencoder(
        nn.Dense(64, hidden, nn.relu, generator=generator),
        nn.Dense(hidden, plane, generator=generator),
        nn.Dense(hidden, plane, generator=generator),
        nn.Sequential((
            nn.Dense(plane, hidden, nn.relu, generator=generator),
            nn.Dense(hidden, hidden, nn.relu, generator=generator),
            nn.Dense(hidden, 64, generator=generator),
        )),
    )


def loss(model, images, noise):
    """Minus the bound, per image; `noise` is normal, so that what is drawn has a derivative."""
    hidden = model.hidden(images)
    mean, log_variance = model.mean(hidden), model.log_variance(hidden)
    point = mean + np.exp(0.5 * log_variance) * noise
    pixels = nn.sigmoid_cross_entropy(model.decoder(point), images)
    return 64 * pixels + nn.kullback_leibler_of_normals(mean, log_variance)


def data():
    digits = load_digits()
    order = np.random.default_rng(0).permutation(len(digits.target))
    images = (digits.data[order] / 16.0).astype(np.float32)
    held_out = len(images) // 5
    return images[held_out:], images[:held_out]


def train(images, epochs, batch=64, report=lambda mean: None):
    generator = np.random.default_rng(1)
    model = made(generator)
    steps = -(-len(images) // batch) * epochs
    optimiser = nn.Adam(nn.cosine_decay(0.002, steps))
    loss_and_gradient = sd.value_and_grad(loss)
    for _ in range(epochs):
        order, losses = generator.permutation(len(images)), []
        for start in range(0, len(order), batch):
            chosen = images[order[start : start + batch]]
            noise = generator.standard_normal((len(chosen), 2), np.float32)
            value, gradient = loss_and_gradient(model, chosen, noise)
            model = optimiser.update(model, along=gradient)
            losses.append(float(value))
        report(float(np.mean(losses)))
    return model


def draw(path, model, side=16):
    """Images for points that are as far apart as a normal distribution has them."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    normal = statistics.NormalDist()
    line = np.array([normal.inv_cdf((i + 0.5) / side) for i in range(side)], np.float32)
    points = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)
    images = nn.sigmoid(model.decoder(points)).reshape(side, side, 8, 8)
    images = np.pad(images, ((0, 0), (0, 0), (1, 1), (1, 1)))
    figure = pyplot.figure(figsize=(6, 6), layout="constrained")
    axes = figure.add_subplot()
    axes.imshow(images.transpose(0, 2, 1, 3).reshape(10 * side, 10 * side), cmap="gray_r")
    axes.set_axis_off()
    figure.savefig(path, dpi=100)
    pyplot.close(figure)


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Lay handwritten digits out on a plane.")
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--picture", default="digits_plane.png",
                        help="where to draw ('' for nowhere)")
    options = parser.parse_args(arguments)
    learn, held_out = data()
    start = time.perf_counter()
    # Matrices as small as these are multiplied faster by one thread.
    with threadpool_limits(1), Progress() as progress:
        task = progress.add_task("training", total=options.epochs)
        model = train(
            learn, options.epochs,
            report=lambda mean: progress.update(
                task, advance=1, description=f"training, bound {-mean:.2f}"
            ),
        )
    print(f"{len(learn)} digits, {options.epochs} epochs, {time.perf_counter() - start:.1f} s")
    noise = np.random.default_rng(2).standard_normal((len(held_out), 2), np.float32)
    print(f"held out: {len(held_out)} digits, bound {-loss(model, held_out, noise):.2f}")
    if options.picture:
        draw(options.picture, model)
        print("drawn:", options.picture)


if __name__ == "__main__":
    main()
