"""The contestants of `benchmarks.nn` take the same step, and none is the same code twice."""

import numpy as np
import pytest

from benchmarks import nn as bench


@pytest.mark.parametrize("batch", [1, 3])
def test_all_libraries_give_one_loss_and_the_same_parameters(batch):
    steps = bench.steps_of(batch)
    assert {"ours", "ours, by sequenced"} <= steps.keys()
    assert bench.disagreement(steps) is None


def test_a_contestant_that_computes_something_else_is_found():
    steps = bench.steps_of(1)
    value, parameters = steps["ours"]()
    parameters = [p.copy() for p in parameters]
    parameters[2][0, 0, 0, 0] += 1e-2
    wrong = {"ours": steps["ours"], "other": lambda: (value, parameters)}
    assert "other: parameters differ" in bench.disagreement(wrong)
    wrong["other"] = lambda: (value * 1.01, parameters)
    assert "other: the loss is" in bench.disagreement(wrong)


def test_the_step_of_ours_goes_down_along_differences():
    images, labels = bench.inputs(2)
    model = bench.made()
    value, after = bench.ours(images, labels)()
    moved = [a.astype(float) - b for a, b in zip(after, bench.arrays_of(model))]
    fresh = bench.made()
    for layer, name in ((fresh.conv1, "filter"), (fresh.conv1, "bias"), (fresh.conv2, "filter"),
                        (fresh.conv2, "bias"), (fresh.dense1, "weight"), (fresh.dense1, "bias"),
                        (fresh.dense2, "weight"), (fresh.dense2, "bias"),
                        (fresh.dense3, "weight"), (fresh.dense3, "bias")):
        setattr(layer, name, getattr(layer, name).astype(float))
    start = [a.copy() for a in bench.arrays_of(fresh)]
    ends = []
    for s in (1e-3, -1e-3):
        for a, b, d in zip(bench.arrays_of(fresh), start, moved):
            a[...] = b + s * d
        ends.append(bench.loss(fresh, images.astype(float), labels))
    slope = (ends[0] - ends[1]) / 2e-3
    # The step is -rate * gradient, so the slope along it is minus its square over the rate.
    expected = -sum(np.sum(d * d) for d in moved) / bench.RATE
    assert slope == pytest.approx(expected, rel=1e-3)
    assert value > 0
