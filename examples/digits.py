"""A softmax classifier with one hidden layer, in plain NumPy functions, on handwritten digits.

The data are the 1,797 real images of 8 x 8 pixels that scikit-learn brings along; every fifth is
held out.  Nothing here knows of derivatives but the one line that asks for them.

    python examples/digits.py             train, and say how many held-out digits are recognised
    python examples/digits.py --source    print the generated gradient, as source code
"""

import argparse
import time

import numpy as np
from rich.progress import Progress
from sklearn.datasets import load_digits

import s2sdiff as sd

#: W1, b1, W2, b2: the parameters of `loss` that are trained.
PARAMETERS = (0, 1, 2, 3)


def logits(W1, b1, W2, b2, images):
    hidden = np.tanh(images @ W1 + b1)
    return hidden @ W2 + b2


def loss(W1: np.ndarray, b1: np.ndarray, W2: np.ndarray, b2: np.ndarray, images, targets):
    """Mean cross entropy; `targets` holds a row of probabilities for each image."""
    scores = logits(W1, b1, W2, b2, images)
    scores = scores - np.max(scores, axis=1, keepdims=True)
    log_total = np.log(np.sum(np.exp(scores), axis=1, keepdims=True))
    return -np.sum(targets * (scores - log_total)) / len(targets)


def data():
    """Images and labels to learn from, and those held out."""
    digits = load_digits()
    order = np.random.default_rng(0).permutation(len(digits.target))
    images, labels = digits.data[order] / 16.0, digits.target[order]
    held_out = len(labels) // 5
    return (images[held_out:], labels[held_out:]), (images[:held_out], labels[:held_out])


def initial_parameters(generator, hidden=48):
    scale_1, scale_2 = 1 / np.sqrt(64), 1 / np.sqrt(hidden)
    return [
        generator.normal(0.0, scale_1, (64, hidden)), np.zeros(hidden),
        generator.normal(0.0, scale_2, (hidden, 10)), np.zeros(10),
    ]


def train(images, labels, epochs, batch=32, rate=0.1, momentum=0.9, report=lambda mean: None):
    """Stochastic gradient descent with momentum; returns the parameters."""
    generator = np.random.default_rng(1)
    parameters = initial_parameters(generator)
    velocities = [np.zeros_like(p) for p in parameters]
    targets = np.eye(10)[labels]
    loss_and_gradients = sd.value_and_grad(loss, wrt=PARAMETERS)
    for _ in range(epochs):
        order = generator.permutation(len(labels))
        losses = []
        for start in range(0, len(order), batch):
            chosen = order[start : start + batch]
            value, gradients = loss_and_gradients(*parameters, images[chosen], targets[chosen])
            losses.append(value)
            for i, gradient in enumerate(gradients):
                velocities[i] = momentum * velocities[i] - rate * gradient
                parameters[i] = parameters[i] + velocities[i]
        report(np.mean(losses))
    return parameters


def accuracy(parameters, images, labels):
    return np.mean(np.argmax(logits(*parameters, images), axis=1) == labels)


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Learn to read handwritten digits.")
    parser.add_argument("--source", action="store_true", help="print the generated gradient")
    parser.add_argument("--epochs", type=int, default=30)
    options = parser.parse_args(arguments)
    if options.source:
        print(sd.source(loss, mode="grad", wrt=PARAMETERS))
        return
    learn, held_out = data()
    start = time.perf_counter()
    with Progress() as progress:
        task = progress.add_task("training", total=options.epochs)
        parameters = train(
            *learn, options.epochs,
            report=lambda mean: progress.update(
                task, advance=1, description=f"training, loss {mean:.4f}"
            ),
        )
    seconds = time.perf_counter() - start
    print(f"{len(learn[1])} digits learnt from, {options.epochs} epochs, {seconds:.1f} s")
    print(f"held out: {len(held_out[1])} digits, {accuracy(parameters, *held_out):.1%} recognised")


if __name__ == "__main__":
    main()
