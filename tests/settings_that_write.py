"""A module whose functions bind its own names anew, by other ways than `global`."""

import sys

rows = (1.0, 2.0)
rate = 2.0
OLD, NEW = rows, (3, 4.0, 5)


def put(value):
    from tests import settings_that_write

    settings_that_write.rows = value


def rated(value):
    import tests.settings_that_write as own

    own.rate = value


def by_a_helper(x):
    before = rows[1] * x ** len(rows)
    put(NEW)
    found = rows[1] * x ** len(rows)
    put(OLD)
    return before + found * x


def a_number_by_a_helper(x):
    before = rate * x
    rated(3)
    found = rate * x
    rated(2.0)
    return before + found * x


def by_the_table_of_modules(x):
    before = rows[1] * x ** len(rows)
    sys.modules[__name__].rows = NEW
    found = rows[1] * x ** len(rows)
    sys.modules[__name__].rows = OLD
    return before + found * x


def by_its_names(x):
    before = rows[1] * x ** len(rows)
    names = vars(sys.modules[__name__])
    names["rows"] = NEW
    found = rows[1] * x ** len(rows)
    names["rows"] = OLD
    return before + found * x
