"""What handlers of logs keep of active values, and functions read again."""

import collections
import functools
import logging
import operator
import weakref
from logging.handlers import MemoryHandler

import numpy as np
import pytest

import s2sdiff as sd

READ_BACK = "kept of an active value is read back into the result.*Instead, use the number itself"


class Keeping(logging.Handler):
    def __init__(self):
        super().__init__()
        self.records, self.texts, self.last = [], [], 0.0

    def emit(self, record):
        self.records.append(record)
        self.texts.append(record.getMessage())
        if isinstance(record.args, tuple) and record.args:
            self.last = record.args[0]


class Noting(logging.Filter):
    def __init__(self):
        super().__init__()
        self.noted = []

    def filter(self, record):
        self.noted.append(record)
        return True


VALUES = []


class Outside(logging.Handler):
    def emit(self, record):
        VALUES.append(record.args[0])


KEEPING, MEMORY, NOTING = Keeping(), MemoryHandler(1000, 100), Noting()


def logger(name, handler):
    made = logging.getLogger(f"tests.read.{name}")
    made.propagate = False
    made.setLevel(logging.DEBUG)
    made.addHandler(handler)
    return made


LOG, KEPT, GLOBAL = logger("log", KEEPING), logger("memory", MEMORY), logger("global", Outside())


def by_arguments(x):
    LOG.info("%r", x ** 3)
    return KEEPING.records[-1].args[0]


def by_a_message(x):
    LOG.warning(x ** 3)
    return KEEPING.records[-1].msg


def by_extra(x):
    LOG.log(logging.INFO, "at", extra={"value": x ** 3})
    return KEEPING.records[-1].value


def by_a_dict(x):
    LOG.info("%(value)r", {"value": x ** 3})
    return KEEPING.records[-1].args["value"]


def by_an_array(x):
    LOG.info("%r", np.array([x ** 3]))
    return KEEPING.records[-1].args[0][0]


def by_another_name(x):
    note = LOG.info
    note("%r", x ** 3)
    return KEEPING.last


def by_a_partial(x):
    functools.partial(LOG.info, "%r")(x ** 3)
    return KEEPING.last


def by_map(x):
    collections.deque(map(LOG.error, [x ** 3]), maxlen=0)
    return KEEPING.records[-1].msg


def by_an_adapter(x):
    logging.LoggerAdapter(LOG, {}).info("%r", x ** 3)
    return KEEPING.last


def by_an_attribute(x):
    LOG.debug("%r", x ** 3)
    return operator.attrgetter("last")(KEEPING)


def by_memory(x):
    KEPT.info("%r", x ** 3)
    return MEMORY.buffer[-1].args[0]


def by_a_filter(x):
    LOG.info("%r", x ** 3)
    return NOTING.noted[-1].args[0]


def by_a_global(x):
    GLOBAL.info("%r", x ** 3)
    return VALUES[-1]


def note(x):
    LOG.info("%r", x)


def last():
    return 2.0 * KEEPING.last


def last_text():
    return float(KEEPING.texts[-1])


def by_helpers(x):
    note(x ** 3)
    return last()


def by_helpers_and_text(x):
    note(x ** 3)
    return last_text()


class Model:
    log, handler = LOG, KEEPING

    def note(self, x):
        self.log.info("%r", x)

    def last(self):
        return self.handler.last


MODEL = Model()


def by_methods(x):
    MODEL.note(x ** 3)
    return MODEL.last()


def there(while_running):
    """Our handlers and filters as logging knows them, or not: others' code is made without."""
    LOG.filters[:] = [NOTING] if while_running else []
    known = logging._handlerList
    known[:] = [r for r in known if r() not in OURS]
    if while_running:
        known.extend(map(weakref.ref, OURS))


OURS = [r() for r in logging._handlerList if isinstance(r(), (Keeping, MemoryHandler, Outside))]
there(False)


@pytest.fixture(autouse=True, scope="module")
def handlers_of_these_tests():
    there(True)
    yield
    there(False)


WAYS = (by_arguments, by_a_message, by_extra, by_a_dict, by_an_array, by_another_name, by_a_partial,
        by_map, by_an_adapter, by_an_attribute, by_memory, by_a_filter, by_a_global, by_helpers,
        by_helpers_and_text, by_methods)


@pytest.mark.parametrize("f", WAYS)
def test_what_a_handler_keeps_and_a_function_reads_is_refused(f):
    assert f(2.0) in (8.0, 16.0)
    for derivative in (lambda: sd.grad(f)(2.0), lambda: sd.vjp(f, 2.0),
                       lambda: sd.jvp(f, (2.0,), (1.0,))):
        with pytest.raises(sd.UnsupportedError, match=READ_BACK):
            derivative()


def test_a_handler_that_captures_a_list_of_the_function_is_refused():
    def f(x):
        found = []
        handler = logging.Handler()
        handler.emit = lambda record: found.append(record.args[0])
        log = logging.Logger("inside")
        log.addHandler(handler)
        log.error("%r", x ** 3)
        return found[-1]

    assert f(2.0) == 8.0
    for derivative in (lambda: sd.grad(f)(2.0), lambda: sd.jvp(f, (2.0,), (1.0,))):
        with pytest.raises(sd.UnsupportedError, match="captures what may be active.*Instead, "):
            derivative()


class Network:
    def __init__(self, weight):
        self.weight, self.last = weight, 0.0

    def step(self, x):
        LOG.info("at %r", x)
        LOG.debug(f"{x:.3f}")
        self.last = self.weight * x
        return self.last


def test_logs_beside_attributes_of_the_same_names_are_left_alone(caplog):
    def f(x):
        network = Network(x)
        logging.getLogger("tests").warning("at %r", x)
        return network.step(x) * network.step(2.0) + network.last

    sd.check_grads(f, (2.0,))
    assert caplog.records


def test_records_that_are_read_where_nothing_active_is_logged_are_constants():
    LOG.info("%r", 3.0)

    def f(x):
        return x ** 2 * KEEPING.last

    sd.check_grads(f, (2.0,))
