"""Time one training step of LeNet against other libraries, each on one thread.

    python -m benchmarks.nn            batches of 1 and 64
    python -m benchmarks.nn --quick    fewer rounds, for a look

A step is the loss, its gradient, and the update by SGD, on images of 28 x 28 pixels in single
precision, with the same parameters for all.  autograd's own convolution is slower than a sum of
shifted products; the faster of the two is what is compared.  What is not installed is left out.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from dataclasses import dataclass
from typing import Any

import numpy as np

import s2sdiff as sd
from benchmarks.measure import installed, race, settle_allocator
from s2sdiff import nn

__all__ = ["CONTESTANTS", "inputs", "main"]

RATE = 0.01

#: One thread each: the libraries read these when they are imported.
ONE_THREAD = {
    "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
}


@dataclass(eq=False)
class LeNet(nn.Layer):
    conv1: nn.Conv2D
    conv2: nn.Conv2D
    dense1: nn.Dense
    dense2: nn.Dense
    dense3: nn.Dense

    def __call__(self, images):
        x = nn.max_pool2d(self.conv1(images), 2)
        x = nn.max_pool2d(self.conv2(x), 2)
        x = np.reshape(x, (len(x), -1))
        return self.dense3(self.dense2(self.dense1(x)))


@dataclass(eq=False)
class Sequenced(nn.Layer):
    conv1: nn.Conv2D
    conv2: nn.Conv2D
    dense1: nn.Dense
    dense2: nn.Dense
    dense3: nn.Dense
    pool: nn.MaxPool2D
    flatten: nn.Flatten

    def __call__(self, images):
        return nn.sequenced(images, self.conv1, self.pool, self.conv2, self.pool, self.flatten,
                            self.dense1, self.dense2, self.dense3)


def made():
    """The model; its layers hold the parameters that all others are given."""
    keys = {"generator": np.random.default_rng(0)}
    return LeNet(
        nn.Conv2D((5, 5, 1, 6), nn.relu, padding="same", **keys),
        nn.Conv2D((5, 5, 6, 16), nn.relu, **keys),
        nn.Dense(400, 120, nn.relu, **keys),
        nn.Dense(120, 84, nn.relu, **keys),
        nn.Dense(84, 10, **keys),
    )


def arrays_of(model):
    found = []
    for layer in (model.conv1, model.conv2):
        found += [layer.filter, layer.bias]
    for layer in (model.dense1, model.dense2, model.dense3):
        found += [layer.weight, layer.bias]
    return found


def inputs(batch):
    generator = np.random.default_rng(1)
    images = generator.normal(size=(batch, 28, 28, 1)).astype(np.float32)
    return images, generator.integers(0, 10, batch)


# ------------------------------------------------------------------------------------- ours


def loss(model, images, labels):
    return nn.softmax_cross_entropy(model(images), labels)


def ours(images, labels):
    model, optimiser, gradient_of = made(), nn.SGD(RATE), sd.value_and_grad(loss)

    def step():
        value, gradient = gradient_of(model, images, labels)
        return value, arrays_of(optimiser.update(model, along=gradient))

    return step


def ours_sequenced(images, labels):
    parts = made()
    model = Sequenced(parts.conv1, parts.conv2, parts.dense1, parts.dense2, parts.dense3,
                      nn.MaxPool2D(2), nn.Flatten())
    optimiser, gradient_of = nn.SGD(RATE), sd.value_and_grad(loss)

    def step():
        value, gradient = gradient_of(model, images, labels)
        return value, arrays_of(optimiser.update(model, along=gradient))

    return step


# ----------------------------------------------------------------------------------- autograd


def autograd_loss(convolve):
    import autograd.numpy as anp

    def pooled(x):
        n, h, w, c = x.shape
        return anp.max(anp.reshape(x, (n, h // 2, 2, w // 2, 2, c)), axis=(2, 4))

    def relu(x):
        return anp.maximum(x, 0)

    def value(parameters, images, labels):
        f1, b1, f2, b2, w1, c1, w2, c2, w3, c3 = parameters
        x = anp.pad(images, ((0, 0), (2, 2), (2, 2), (0, 0)), mode="constant")
        x = pooled(relu(convolve(x, f1) + b1))
        x = pooled(relu(convolve(x, f2) + b2))
        x = relu(anp.reshape(x, (len(labels), -1)) @ w1 + c1)
        x = relu(x @ w2 + c2) @ w3 + c3
        x = x - anp.max(x, axis=1, keepdims=True)
        log_p = x - anp.log(anp.sum(anp.exp(x), axis=1, keepdims=True))
        return -anp.mean(log_p[np.arange(len(labels)), labels])

    return value


def autograd_step(convolve, images, labels):
    import autograd

    gradient_of = autograd.value_and_grad(autograd_loss(convolve))
    parameters = arrays_of(made())

    def step():
        value, gradient = gradient_of(parameters, images, labels)
        return value, [p - RATE * g for p, g in zip(parameters, gradient)]

    return step


def with_autograd(images, labels):
    def convolve(x, filter):
        h, w = x.shape[1] - 4, x.shape[2] - 4
        return sum(x[:, i : i + h, j : j + w] @ filter[i, j] for i in range(5) for j in range(5))

    return autograd_step(convolve, images, labels)


def with_autograds_convolution(images, labels):
    from autograd.scipy.signal import convolve as theirs

    def convolve(x, filter):
        return theirs(x, filter[::-1, ::-1], axes=([1, 2], [0, 1]), dot_axes=([3], [2]),
                      mode="valid").transpose((0, 2, 3, 1))

    return autograd_step(convolve, images, labels)


# ------------------------------------------------------------------------------ PyTorch and JAX


def with_torch(images, labels):
    import torch

    torch.set_num_threads(1)
    functional = torch.nn.functional
    start = arrays_of(made())
    order = [(3, 2, 0, 1), (0,)] * 2 + [(1, 0), (0,)] * 3
    parameters = [torch.tensor(np.ascontiguousarray(p.transpose(o))).requires_grad_()
                  for p, o in zip(start, order)]
    # Their first dense layer sees the channels first.
    first = start[4].reshape(5, 5, 16, 120).transpose(2, 0, 1, 3).reshape(400, 120)
    parameters[4] = torch.tensor(np.ascontiguousarray(first.T)).requires_grad_()
    x = torch.tensor(np.ascontiguousarray(images.transpose(0, 3, 1, 2)))
    y = torch.tensor(labels)
    kept = [p.detach().clone() for p in parameters]

    def step():
        with torch.no_grad():
            for p, k in zip(parameters, kept):
                p.copy_(k)
                p.grad = None
        f1, b1, f2, b2, w1, c1, w2, c2, w3, c3 = parameters
        z = functional.max_pool2d(functional.relu(functional.conv2d(x, f1, b1, padding=2)), 2)
        z = functional.max_pool2d(functional.relu(functional.conv2d(z, f2, b2)), 2).flatten(1)
        z = functional.relu(functional.linear(z, w1, c1))
        z = functional.linear(functional.relu(functional.linear(z, w2, c2)), w3, c3)
        value = functional.cross_entropy(z, y)
        value.backward()
        with torch.no_grad():
            for p in parameters:
                p.sub_(p.grad, alpha=RATE)
        found = [p.detach().numpy() for p in parameters]
        return value.item(), [found[0].transpose(2, 3, 1, 0), found[1],
                              found[2].transpose(2, 3, 1, 0), found[3]]

    return step


def with_jax(images, labels):
    import jax
    import jax.numpy as jnp

    def pooled(x):
        return jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")

    def convolved(x, filter, padding):
        return jax.lax.conv_general_dilated(x, filter, (1, 1), padding,
                                            dimension_numbers=("NHWC", "HWIO", "NHWC"))

    def value(parameters, x, y):
        f1, b1, f2, b2, w1, c1, w2, c2, w3, c3 = parameters
        x = pooled(jax.nn.relu(convolved(x, f1, "SAME") + b1))
        x = pooled(jax.nn.relu(convolved(x, f2, "VALID") + b2)).reshape(len(y), -1)
        x = jax.nn.relu(jax.nn.relu(x @ w1 + c1) @ w2 + c2) @ w3 + c3
        return -jnp.mean(jax.nn.log_softmax(x)[jnp.arange(len(y)), y])

    @jax.jit
    def stepped(parameters, x, y):
        found, gradient = jax.value_and_grad(value)(parameters, x, y)
        return found, [p - RATE * g for p, g in zip(parameters, gradient)]

    placed = [jnp.asarray(p) for p in arrays_of(made())], jnp.asarray(images), jnp.asarray(labels)
    return lambda: jax.block_until_ready(stepped(*placed))


#: By name: what needs to be installed, and a function of a batch that gives the step to be timed.
CONTESTANTS = {
    "ours": ("s2sdiff", ours),
    "ours, by sequenced": ("s2sdiff", ours_sequenced),
    "autograd": ("autograd", with_autograd),
    "autograd, its convolve": ("autograd", with_autograds_convolution),
    "PyTorch, eager": ("torch", with_torch),
    "JAX, jit": ("jax", with_jax),
}


def steps_of(batch):
    images, labels = inputs(batch)
    return {name: make(images, labels) for name, (module, make) in CONTESTANTS.items()
            if installed(module)}


def disagreement(steps: dict[str, Any]) -> str | None:
    """Whose loss, or parameters after the step, are others than ours."""
    value, expected = steps["ours"]()
    for name, step in steps.items():
        other, found = step()
        if abs(other - value) > 1e-5 * abs(value):
            return f"{name}: the loss is {other}, ours is {value}"
        for f, e in zip(found, expected):
            if not np.allclose(f, e, rtol=0, atol=1e-5 * np.abs(e).max() + 1e-6):
                return f"{name}: parameters differ by {np.abs(np.asarray(f) - e).max()}"
    return None


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="benchmarks.nn",
                                     description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds")
    options = parser.parse_args(arguments)
    rounds, seconds = (5, 0.05) if options.quick else (15, 0.2)
    settle_allocator()
    print(f"Python {platform.python_version()}, NumPy {np.__version__}, one thread")
    for batch in (1, 64):
        steps = steps_of(batch)
        wrong = disagreement(steps)
        if wrong:
            sys.exit(wrong)
        times = race(steps, rounds, seconds)
        print(f"\nbatch {batch}: {'ms':>24} {'over ours':>10}")
        for name, spent in times.items():
            print(f"  {name:<24} {1e3 * spent:>8.2f} {spent / times['ours']:>10.2f}")


if __name__ == "__main__":
    if any(os.environ.get(name) != value for name, value in ONE_THREAD.items()):
        command = [sys.executable, "-m", "benchmarks.nn", *sys.argv[1:]]
        os.execve(sys.executable, command, {**os.environ, **ONE_THREAD})
    main()
