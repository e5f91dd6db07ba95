"""Test ids that are the same in every process: no addresses in them."""

import re


def label(value):
    """A short text for a parameter: a function by its name, anything else as it prints."""
    name = getattr(value, "__name__", None)
    if name is not None:
        return name
    return re.sub(r" at 0x[0-9a-f]+", "", str(value)).replace("\n", "")[:40]
