"""Losses: real numbers, the mean over the batch.

Rows of logits or values are along the last axis; what is before it is the batch, of any rank.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import s2sdiff as sd
from s2sdiff.nn import checks
from s2sdiff.nn.activations import log_softmax

__all__ = [
    "huber_loss", "kullback_leibler_of_normals", "mean_absolute_error", "mean_squared_error",
    "sigmoid_cross_entropy", "softmax_cross_entropy", "softmax_cross_entropy_of_probabilities",
]


def softmax_cross_entropy(logits: Any, labels: Any) -> Any:
    """The mean over the batch of -log softmax(logits)[label].

    Parameters
    ----------
    logits : floating array (…, classes)
    labels : integer array (…), from 0 to classes - 1

    Raises
    ------
    TypeError, ValueError
        labels are no integers, out of range, or not one for each row.

    Examples
    --------
    >>> logits, labels = np.zeros((2, 4)), np.array([1, 3])
    >>> bool(np.isclose(softmax_cross_entropy(logits, labels), np.log(4)))
    True
    >>> sd.grad(softmax_cross_entropy)(logits, labels)[0] * 8
    array([ 1., -3.,  1.,  1.])
    """
    return softmax_cross_entropy_derivative(logits, labels)[0]


@sd.derivative(of=softmax_cross_entropy, wrt="logits")
def softmax_cross_entropy_derivative(logits, labels):
    labels = checks.labels_of("softmax_cross_entropy", labels, np.shape(logits))
    log_p = log_softmax(logits)
    places = np.expand_dims(labels, -1)
    chosen = np.take_along_axis(log_p, places, axis=-1)

    def pullback(v):
        # 1 at the label, 0 elsewhere: no place is written, so that this may be differentiated.
        target = places == np.arange(np.shape(log_p)[-1])
        return v / max(labels.size, 1) * (np.exp(log_p) - target)

    return -np.mean(chosen), pullback


def softmax_cross_entropy_of_probabilities(logits: Any, probabilities: Any) -> Any:
    """The mean over the batch of -sum(probabilities * log softmax(logits)).

    Parameters
    ----------
    logits, probabilities : floating arrays (…, classes)
    """
    checks.same_shape("softmax_cross_entropy_of_probabilities", ("logits", "probabilities"),
                      np.shape(logits), np.shape(probabilities))
    return -np.mean(np.sum(probabilities * log_softmax(logits), axis=-1))


def sigmoid_cross_entropy(logits: Any, labels: Any) -> Any:
    """The mean of -(labels log s + (1 - labels) log(1 - s)) with s = sigmoid(logits).

    Parameters
    ----------
    logits, labels : arrays of one shape; labels are from 0 to 1
    """
    checks.same_shape("sigmoid_cross_entropy", ("logits", "labels"),
                      np.shape(logits), np.shape(labels))
    return np.mean(np.logaddexp(logits, 0) - logits * labels)


def mean_squared_error(predicted: Any, expected: Any) -> Any:
    """The mean of (predicted - expected)², over all elements.

    Raises
    ------
    ValueError
        The shapes are not equal: (4, 1) and (4,) would broadcast to (4, 4), which is seldom meant.
    """
    checks.same_shape("mean_squared_error", ("predicted", "expected"),
                      np.shape(predicted), np.shape(expected))
    return np.mean((predicted - expected) ** 2)


def mean_absolute_error(predicted: Any, expected: Any) -> Any:
    """The mean of |predicted - expected|, over all elements."""
    checks.same_shape("mean_absolute_error", ("predicted", "expected"),
                      np.shape(predicted), np.shape(expected))
    return np.mean(np.abs(predicted - expected))


def huber_loss(predicted: Any, expected: Any, delta: float = 1.0) -> Any:
    """The mean of d² / 2 where |d| is at most delta, and of delta (|d| - delta / 2) elsewhere.

    Huber, https://doi.org/10.1214/aoms/1177703732; d = predicted - expected.
    """
    checks.same_shape("huber_loss", ("predicted", "expected"),
                      np.shape(predicted), np.shape(expected))
    size = np.abs(predicted - expected)
    return np.mean(np.where(size <= delta, 0.5 * size * size, delta * (size - 0.5 * delta)))


def kullback_leibler_of_normals(mean: Any, log_variance: Any) -> Any:
    """The mean over the batch of KL(N(mean, exp(log_variance)) || N(0, 1)).

    What independent features give is summed.  Kingma and Welling,
    https://arxiv.org/abs/1312.6114, appendix B.
    """
    checks.same_shape("kullback_leibler_of_normals", ("mean", "log_variance"),
                      np.shape(mean), np.shape(log_variance))
    return 0.5 * np.mean(
        np.sum(np.exp(log_variance) + mean * mean - 1 - log_variance, axis=-1))
