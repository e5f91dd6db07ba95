"""Random programs of elementwise, linear and indexing steps, against central differences."""


import numpy as np
import pytest

import s2sdiff as sd
from tests.from_text import run_text
from tests.sparse.differences import differences

SIZE = 24


def shifted(y, x):
    return np.roll(y, 3)


def backwards(y, x):
    return y[::-1]


def sines(y, x):
    return np.sin(y)


def with_input(y, x):
    return y * x


def difference(y, x):
    return np.append(np.diff(y), y[0] * 0.5)


def halves(y, x):
    return np.concatenate([y[SIZE // 2:], y[:SIZE // 2]])


def transposed(y, x):
    return y.reshape(4, -1).T.ravel()


def gathered(y, x):
    return y[np.arange(SIZE) * 5 % 7]


def masked(y, x):
    return np.where(x > 0.0, y, 0.0)


def in_place(y, x):
    y = y.copy()
    y[2:-1] += 0.5 * y[1:-2] * x[3:]
    y[0] = 0.25
    return y


def in_a_loop(y, x):
    out = np.zeros(SIZE)
    for i in range(0, SIZE, 3):
        out[i] = y[i] * 0.5
        out[i + 1] += x[i] - y[i]
    return out


def group_sums(y, x):
    return np.repeat(np.sum(y.reshape(-1, 3), axis=1), 3)


def running(y, x):
    return np.cumsum(0.1 * y.reshape(6, 4), axis=1).ravel()


def branched(y, x):
    return 2.0 * y if y[1] > 0.1 else y[[2] + [*range(1, SIZE)]]


def block_products(y, x):
    return (np.arange(9.0).reshape(3, 3) % 2 @ y.reshape(3, -1)).ravel() * 0.3


STEPS = [shifted, backwards, sines, with_input, difference, halves, transposed, gathered, masked,
         in_place, in_a_loop, group_sums, running, branched, block_products]


#: Those that have second derivatives in any order: the others keep cotangents by place, or hand on
#: values whose kind shows when they run.
TWICE = [shifted, backwards, sines, with_input, transposed, masked, group_sums, running,
         block_products]


def program(seed, steps):
    """A function that takes some steps, and the sum of its squares, with their source."""
    body = "".join(f"    y = {step.__name__}(y, x)\n" for step in steps)
    text = (f"def run(x):\n    y = x\n{body}    return y\n\n"
            "def energy(x):\n    return np.sum(run(x) ** 2)\n")
    file = f"<program {seed}>"
    scope = {**globals(), "__name__": f"program_{seed}"}
    run_text(text, file, scope)
    return scope["run"], scope["energy"]


def drawn(seed, steps):
    draw = np.random.default_rng(seed)
    chosen = draw.choice(steps, draw.integers(1, 7)).tolist()
    return chosen, draw.uniform(-1.5, 1.5, SIZE)


@pytest.mark.parametrize("seed", range(80))
def test_the_jacobian_of_a_random_program_is_that_of_differences(seed):
    steps, x = drawn(seed, STEPS)
    run, _ = program(seed, steps)
    expected = differences(run, x)
    made = sd.sparse_jacobian(run)(x)
    np.testing.assert_allclose(made.toarray(), expected, atol=2e-7, err_msg=str(steps))
    # What differences see is no rounding of theirs.
    assert not (made.toarray() == 0)[abs(expected) > 1e-7].any()


@pytest.mark.parametrize("seed", range(100, 130))
def test_the_hessian_of_a_random_program_is_that_of_differences(seed):
    steps, x = drawn(seed, TWICE)
    run, energy = program(seed, steps)
    made = sd.sparse_hessian(energy)(x)
    expected = differences(lambda x: 2.0 * differences(run, x, 1e-4).T @ run(x), x, 1e-4)
    np.testing.assert_allclose(made.toarray(), expected, atol=1e-4, rtol=1e-4, err_msg=str(steps))
    assert abs(made - made.T).max() == 0
