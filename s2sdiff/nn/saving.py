"""Models in files, as NumPy's `.npz` archives: one array for each parameter, under its path.

Only numbers are in the file; what the model is made of stays in the code that makes it.
"""

from __future__ import annotations

import os
import zipfile
from typing import Any, TypeVar

import numpy as np

from s2sdiff.nn.parts import is_number, named, rebuilt

__all__ = ["load", "save"]

Model = TypeVar("Model")


def save(file: str | os.PathLike[str], model: Any) -> None:
    """Write all floating numbers and arrays of a model, running averages among them.

    Parameters
    ----------
    file : path, of which the suffix `.npz` is usual
    model : differentiable value of any structure

    Raises
    ------
    ValueError
        Two parts have one name, as under the keys 1 and "1".

    Examples
    --------
    >>> import tempfile
    >>> path = os.path.join(tempfile.mkdtemp(), "model.npz")
    >>> save(path, {"weight": np.ones(2), "layers": [1.5]})
    >>> sorted(np.load(path))
    ['layers.0', 'weight']
    """
    names = [name for name, _ in named(model)]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(
            f"save: {', '.join(twice)} is the name of two parts of the model. Instead, give keys "
            "and attributes names of their own."
        )
    # np.savez takes the names as keywords, among which some are its own.
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, x in named(model):
            with archive.open(f"{name}.npy", "w", force_zip64=True) as entry:
                np.lib.format.write_array(entry, np.asarray(x), allow_pickle=False)


def load(file: str | os.PathLike[str], like: Model) -> Model:
    """The model with the numbers that `save` wrote.

    Parameters
    ----------
    file : path
    like : a model of the same structure, shapes and dtypes, e.g. one just made; it stays as it is

    Raises
    ------
    ValueError
        Names, shapes or dtypes are others in the file.

    Examples
    --------
    >>> import tempfile
    >>> path = os.path.join(tempfile.mkdtemp(), "model.npz")
    >>> save(path, [np.array([1.0, 2.0]), 3.0])
    >>> load(path, like=[np.zeros(2), 0.0])
    [array([1., 2.]), 3.0]
    """
    with np.load(file, allow_pickle=False) as archive:
        found = {name: archive[name] for name in archive.files}
    expected = dict(named(like))
    for names, where in ((expected.keys() - found.keys(), "the file"),
                         (found.keys() - expected.keys(), "the model")):
        if names:
            raise ValueError(
                f"load: {', '.join(sorted(names))} not in {where}. Instead, pass as `like` a model "
                "that is made as the saved one was."
            )
    for name, x in expected.items():
        was, now = np.asarray(x), found[name]
        if (was.shape, was.dtype) != (now.shape, now.dtype):
            raise ValueError(
                f"load: {name} is of shape {now.shape}, dtype {now.dtype} in the file and of shape "
                f"{was.shape}, dtype {was.dtype} in the model. Instead, pass as `like` a model "
                "that is made as the saved one was."
            )

    def filled(path: str, x: Any) -> Any:
        if not is_number(x):
            return x
        return type(x)(found[path][()]) if np.isscalar(x) else found[path]

    return rebuilt(like, filled)
