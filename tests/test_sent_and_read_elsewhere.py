"""What goes out as text or into a file in one function, and comes back in another."""

import contextlib
import io
import json
import logging
import os
import pickle
import queue
import sys
import warnings

import numpy as np
import pytest

import s2sdiff as sd

READ_BACK = "read back into the result.*Instead, use the number itself"


class Files:
    """Writers and readers of one file."""

    def __init__(self, path):
        self.path = path

    def save(self, x):
        np.save(self.path, x)

    def load(self):
        return float(np.load(self.path + ".npy"))

    def text(self, x):
        with open(self.path, "w") as file:
            file.write(str(x))

    def read(self):
        with open(self.path) as file:
            return float(file.read())

    def lines(self):
        with open(self.path) as file:
            return [float(line) for line in file][0]

    def dump(self, x):
        with open(self.path, "w") as file:
            json.dump({"value": x}, file)

    def parse(self):
        with open(self.path) as file:
            return json.load(file)["value"]

    def pickle(self, x):
        with open(self.path, "wb") as file:
            pickle.dump(x, file)

    def unpickle(self):
        with open(self.path, "rb") as file:
            return pickle.load(file)

    def bytes(self, x):
        np.array([x]).tofile(self.path)

    def of_bytes(self):
        return float(np.fromfile(self.path)[0])


def save(path, x):
    np.save(path, x)


def load(path):
    return float(np.load(path + ".npy"))


def by_functions(x, path):
    save(path, x ** 3)
    return load(path)


WAYS = {f"{w} and {r}": (w, r) for w, r in (
    ("save", "load"), ("text", "read"), ("text", "lines"), ("dump", "parse"),
    ("pickle", "unpickle"), ("bytes", "of_bytes"))}


@pytest.mark.parametrize("name", WAYS)
def test_a_file_that_one_method_writes_and_another_reads_is_refused(name, tmp_path):
    files = Files(str(tmp_path / "value"))
    write, read = [getattr(Files, n) for n in WAYS[name]]

    def f(x):
        write(files, x ** 3)
        return read(files)

    refused(f)


def refused(f, *args):
    f(2.0, *args)
    for derivative in (lambda: sd.grad(f)(2.0, *args), lambda: sd.vjp(f, 2.0, *args),
                       lambda: sd.jvp(f, (2.0, *args), (1.0, *[None] * len(args)))):
        with pytest.raises(sd.UnsupportedError, match=READ_BACK):
            derivative()


def test_functions_of_a_module_that_save_and_load_are_refused(tmp_path):
    refused(by_functions, str(tmp_path / "value"))


KEPT, BUFFER, QUEUE = {}, io.StringIO(), queue.Queue()


def keep(x):
    KEPT["text"] = f"{x!r}"


def kept():
    return float(KEPT["text"])


def by_a_dict(x):
    keep(x ** 3)
    return kept()


def set_variable(x):
    os.environ["S2SDIFF_TESTED"] = str(x)


def variable():
    return float(os.environ["S2SDIFF_TESTED"])


def by_the_environment(x):
    set_variable(x ** 3)
    return variable()


def by_a_queue(x):
    QUEUE.put(str(x ** 3))
    return float(QUEUE.get())


def by_what_is_printed(x):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        print(x ** 3)
    return float(out.getvalue())


def show(x):
    print(x)


def by_what_a_helper_prints(x):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        show(x ** 3)
    return float(out.getvalue())


def by_a_warning(x):
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        warnings.warn(str(x ** 3), stacklevel=1)
    return float(str(found[0].message))


def by_bytes(x):
    file = io.BytesIO()
    into(file, x)
    file.seek(0)
    return out_of(file)


def into(file, x):
    np.save(file, x ** 3)


def out_of(file):
    return float(np.load(file))


@pytest.mark.parametrize("f", [by_a_dict, by_the_environment, by_a_queue, by_what_is_printed,
                               by_what_a_helper_prints, by_a_warning, by_bytes])
def test_text_that_is_kept_and_made_a_number_elsewhere_is_refused(f, monkeypatch):
    monkeypatch.setenv("S2SDIFF_TESTED", "0.0")
    QUEUE.queue.clear()
    f(2.0)
    for derivative in (lambda: sd.grad(f)(2.0), lambda: sd.jvp(f, (2.0,), (1.0,))):
        with pytest.raises(sd.UnsupportedError, match="Instead, "):
            derivative()


def test_a_file_that_is_named_by_the_number_is_refused(tmp_path):
    def f(x):
        path = f"{tmp_path}/{x}.npy"
        if os.path.exists(path):
            return np.load(path)[()]
        np.save(path, x ** 3)
        return x ** 3

    assert sd.grad(f)(2.0) == pytest.approx(12.0)
    refused(f)


LOG = logging.getLogger("tests.sent")
PATHS = {}


def note(x):
    with open(PATHS["log"], "a") as file:
        file.write(f"{x:.3f}\n")


def planned():
    with open(PATHS["plan"]) as file:
        return json.load(file)


@pytest.mark.parametrize("mode", ["grad", "jvp"])
def test_logs_beside_files_and_settings_that_are_read_are_left_alone(mode, tmp_path, monkeypatch):
    for name in ("log", "data", "plan"):
        monkeypatch.setitem(PATHS, name, str(tmp_path / f"{name}.npy"))
    np.save(PATHS["data"], np.array([1.0, 2.0]))
    os.utime(PATHS["data"], (1.0, 1.0))
    with open(PATHS["plan"], "w") as file:
        json.dump({"rate": 0.5}, file)

    def f(x):
        rate = planned()["rate"]
        with open(PATHS["log"], "a") as file:
            file.write(f"{x}\n")
        print(x, file=sys.stderr)
        LOG.info("at %r", x)
        LOG.info(f"at {x}")
        note(x)
        return np.sum(np.load(PATHS["data"]) * x ** 3) * rate

    found = sd.grad(f)(2.0) if mode == "grad" else sd.jvp(f, (2.0,), (1.0,))[1]
    assert found == pytest.approx(3.0 * 0.5 * 12.0, rel=1e-12)
    with open(PATHS["log"]) as file:
        assert file.read() == "2.0\n2.000\n"
