"""Windows that slide over images: unfolded into a matrix of patches, folded back by addition.

Inside, images lie in the order (channels, height, width, batch).  With the batch last, every place
of the filter moves long runs of memory, however few channels there are; outside they are viewed as
(batch, height, width, channels), and views of that kind go from layer to layer without a copy.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

import s2sdiff as sd

__all__ = ["Pair", "Sliding", "fold", "pair", "same_padding", "sliding", "unfold"]

#: That of height and that of width, or one number for both.
Pair: TypeAlias = int | tuple[int, int]


def same_padding(padding: str) -> bool:
    """Whether the padding is "same" and not "valid"."""
    if padding not in ("valid", "same"):
        raise ValueError(f"padding is {padding!r}. Instead, pass 'valid' or 'same'.")
    return padding == "same"


def pair(name: str, value: Any) -> tuple[int, int]:
    """Two positive integers, or one that stands for both."""
    integers = (int, np.integer)
    both = value if isinstance(value, (tuple, list)) else (value, value)
    if len(both) != 2 or not all(isinstance(n, integers) and n > 0 for n in both):
        raise ValueError(f"{name} is {value!r}. Instead, give a positive integer or two of them.")
    return int(both[0]), int(both[1])


class Sliding(NamedTuple):
    """Where the windows over an image lie; the pairs are those of height and width.

    Attributes
    ----------
    image : height and width of what they slide over
    size : of the window
    strides : from window to window
    dilation : from element to element of a window
    before, after : what the image is padded with at its beginning and its end
    out : how many windows there are
    """

    image: tuple[int, int]
    size: tuple[int, int]
    strides: tuple[int, int]
    dilation: tuple[int, int]
    before: tuple[int, int]
    after: tuple[int, int]
    out: tuple[int, int]

    @property
    def padded(self) -> bool:
        return any(self.before) or any(self.after)

    def places(self) -> list[tuple[tuple[int, int], tuple[slice, slice]]]:
        """For each element of a window the rows and columns that it meets."""
        (rows, columns), (down, right) = self.out, self.strides
        found = []
        for i in range(self.size[0]):
            for j in range(self.size[1]):
                top, left = i * self.dilation[0], j * self.dilation[1]
                found.append(((i, j), (slice(top, top + (rows - 1) * down + 1, down),
                                       slice(left, left + (columns - 1) * right + 1, right))))
        return found


def sliding(image: tuple[int, ...], size: tuple[int, int], strides: tuple[int, int],
            dilation: tuple[int, int], same: bool) -> Sliding:
    """The windows over an image of this height and width.

    With `same` there are ceil(length / stride) of them, and an odd padding has its larger part at
    the end, as in TensorFlow (https://www.tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2).
    """
    before, after, out = [], [], []
    for length, width, stride, step in zip(image, size, strides, dilation):
        reach = (width - 1) * step + 1
        if same:
            count = -(-length // stride)
            total = max((count - 1) * stride + reach - length, 0)
            before.append(total // 2)
            after.append(total - total // 2)
        else:
            count = (length - reach) // stride + 1
            before.append(0)
            after.append(0)
        if count < 1:
            raise ValueError(
                f"windows of {size} with dilation {dilation} do not fit into an image of "
                f"{tuple(image)}. Instead, use smaller windows, or padding='same'."
            )
        out.append(count)
    return Sliding((image[0], image[1]), size, strides, dilation, (before[0], before[1]),
                   (after[0], after[1]), (out[0], out[1]))


def unfold(image: np.ndarray, windows: Sliding, fill: float = 0.0) -> np.ndarray:
    """The elements of all windows, (channels, size, size, out, out, batch), as a copy.

    `image` is (channels, height, width, batch); `fill` is what it is padded with.
    """
    if windows.padded:
        (top, left), (bottom, right) = windows.before, windows.after
        image = np.pad(image, ((0, 0), (top, bottom), (left, right), (0, 0)),
                       constant_values=fill)
    (down, right), (step_down, step_right) = windows.strides, windows.dilation
    reach = [(n - 1) * step + 1 for n, step in zip(windows.size, windows.dilation)]
    every = sliding_window_view(image, reach, axis=(1, 2))  # type: ignore[call-overload]
    every = every[:, ::down, ::right, :, ::step_down, ::step_right]
    return np.ascontiguousarray(every.transpose(0, 4, 5, 1, 2, 3))


def fold(patches: np.ndarray, windows: Sliding) -> np.ndarray:
    """The transpose of `unfold`: adds each element where it was taken from."""
    (top, left), (bottom, right) = windows.before, windows.after
    height, width = windows.image
    padded = np.zeros((len(patches), top + height + bottom, left + width + right,
                       patches.shape[-1]), patches.dtype)
    for (i, j), (rows, columns) in windows.places():
        padded[:, rows, columns] += patches[:, i, j]
    return padded[:, top : top + height, left : left + width]


@sd.derivative(of=unfold, wrt="image")
def unfold_derivative(image, windows, fill=0.0):
    return unfold(image, windows, fill), lambda v: fold(v, windows)


@sd.derivative(of=fold, wrt="patches")
def fold_derivative(patches, windows):
    return fold(patches, windows), lambda v: unfold(v, windows)
