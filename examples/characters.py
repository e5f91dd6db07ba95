"""A recurrent network that learns a text character by character, and then writes on its own.

The text is the Zen of Python, which comes with Python (`import this`); any other file will do.

    python examples/characters.py                    learn the Zen, and recite
    python examples/characters.py --text FILE        learn another text
"""

import argparse
import codecs
import contextlib
import io
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.progress import Progress
from threadpoolctl import threadpool_limits

import s2sdiff as sd
from s2sdiff import nn


@dataclass(eq=False)
class Writer(nn.Layer):
    """Scores of the next character, (batch, time, characters), of numbers of characters."""

    embedding: nn.Embedding
    recurrent: nn.Recurrent
    dense: nn.Dense

    def __call__(self, indices):
        return self.dense(self.recurrent(self.embedding(indices)))


def made(characters, hidden, generator):
    return Writer(
        nn.Embedding(characters, 24, generator=generator),
        nn.Recurrent(nn.LSTMCell(24, hidden, generator=generator)),
        nn.Dense(hidden, characters, generator=generator),
    )


def loss(model, indices, following):
    return nn.softmax_cross_entropy(model(indices), following)


def zen():
    """The Zen of Python: the module prints it when it is imported, and holds it in rot13."""
    with contextlib.redirect_stdout(io.StringIO()):
        import this
    return codecs.decode(this.s, "rot13")


def windows(text, length, batch, generator):
    """Pieces of the text and the same pieces one character later."""
    starts = generator.integers(0, len(text) - length, batch)
    places = starts[:, None] + np.arange(length)
    return text[places], text[places + 1]


def train(text, characters, steps, hidden=96, length=40, batch=24, report=lambda bits: None):
    generator = np.random.default_rng(0)
    model = made(characters, hidden, generator)
    optimiser = nn.Adam(nn.cosine_decay(0.01, steps, 0.0005))
    loss_and_gradient = sd.value_and_grad(loss)
    for _ in range(steps):
        value, gradient = loss_and_gradient(model, *windows(text, length, batch, generator))
        model = optimiser.update(model, along=nn.clip_by_global_norm(gradient, 1.0))
        report(float(value) / np.log(2))
    return model


def written(model, start, count, temperature=0.3):
    """Numbers of characters that go on from `start`, drawn one after the other."""
    generator = np.random.default_rng(1)
    cell = model.recurrent.cell
    state, found = cell.initial_state(1), list(start)
    for i in range(len(start) + count - 1):
        output, state = cell(model.embedding(np.array([found[i]])), state)
        if i + 1 == len(found):
            p = nn.softmax(model.dense(output)[0].astype(float) / temperature)
            found.append(int(generator.choice(len(p), p=p)))
    return found


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Learn a text character by character.")
    parser.add_argument("--text", type=Path, help="a file; the Zen of Python by default")
    parser.add_argument("--steps", type=int, default=500)
    options = parser.parse_args(arguments)
    original = options.text.read_text("utf-8") if options.text else zen()
    characters = sorted(set(original))
    numbers = {c: i for i, c in enumerate(characters)}
    text = np.array([numbers[c] for c in original])
    start = time.perf_counter()
    # Matrices as small as these are multiplied faster by one thread.
    with threadpool_limits(1), Progress() as progress:
        task = progress.add_task("training", total=options.steps)
        model = train(
            text, len(characters), options.steps,
            report=lambda bits: progress.update(
                task, advance=1, description=f"training, {bits:.2f} bits per character"
            ),
        )
    print(f"{len(text)} characters, {options.steps} steps, {time.perf_counter() - start:.1f} s")
    value = loss(model, text[None, :-1], text[None, 1:])
    print(f"the whole text: {value / np.log(2):.3f} bits per character")
    print("written:", "".join(characters[i] for i in written(model, text[:20], 300)))


if __name__ == "__main__":
    main()
