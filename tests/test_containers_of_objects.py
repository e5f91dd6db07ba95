"""Functions that give containers of objects, made by whatever makes containers: by value."""

import copy
import itertools
from collections import OrderedDict, defaultdict, deque, namedtuple
from dataclasses import dataclass

import numpy as np
import pytest

import s2sdiff as sd


@dataclass
class Item:
    value: float
    name: str = "item"


class Slotted:
    __slots__ = ("value", "weight")

    def __init__(self, value, weight):
        self.value, self.weight = value, weight


class Walked:
    def __init__(self, value):
        self.value = value

    def __iter__(self):
        return iter(("key", self.value))


Both = namedtuple("Both", "item number")


def shared_object(x):
    item = Item(x * x)
    return dict(a=item, b=[item, x])


def in_a_lambda(x):
    return (lambda make: dict(item=make(x * x)))({"of": Item}["of"])


MADE = {
    "dict": lambda x: dict(item=Item(x * x)),
    "ordered dict": lambda x: OrderedDict(item=Item(x * x), number=x),
    "pairs": lambda x: OrderedDict([("item", Item(x * x)), ("number", x)]),
    "dict of a dict": lambda x: dict({"a": Item(x * x)}, b=Item(x)),
    "default dict": lambda x: defaultdict(None, item=Item(x * x)),
    "dict of zip": lambda x: dict(zip("ab", [Item(x * x), Item(x)])),
    "merged": lambda x: {"a": Item(x * x)} | {"b": x},
    "unpacked": lambda x: {**{"a": Item(x * x)}, **dict(b=Item(x))},
    "nested": lambda x: dict(a=dict(b=[Item(x * x), Item(x)])),
    "list and list": lambda x: [Item(x * x)] + [Item(x), x],
    "tuple and tuple": lambda x: (Item(x * x),) + (Item(x),),
    "list of a tuple": lambda x: list((Item(x * x), Item(x))),
    "tuple of a list": lambda x: tuple([Item(x * x), Item(x)]),
    "sum of lists": lambda x: sum([[Item(x)], [Item(x * x)]], []),
    "map": lambda x: list(map(Item, [x, x * x])),
    "filter": lambda x: list(filter(None, [Item(x * x), 0.0, x])),
    "zip": lambda x: list(zip([Item(x)], [x * x])),
    "enumerate": lambda x: list(enumerate([Item(x * x), x])),
    "reversed": lambda x: list(reversed([Item(x), x * x])),
    "chain": lambda x: list(itertools.chain([Item(x)], (Item(x * x),))),
    "deque": lambda x: deque([Item(x * x), Item(x)], maxlen=1),
    "copy": lambda x: [Item(x * x)].copy() + copy.copy([Item(x)]),
    "deep copy": lambda x: copy.deepcopy(dict(item=Item(x * x), number=x)),
    "values": lambda x: list({"a": Item(x * x), "b": x}.values()),
    "items": lambda x: list({"a": Item(x * x)}.items()),
    "get": lambda x: {"a": Item(x * x)}.get("a"),
    "named tuple": lambda x: list(Both(Item(x), x * x)) + [x],
    "choice": lambda x: dict(item=Item(x * x) if x > 0.0 else None),
    "slots": lambda x: dict(item=Slotted(x * x, x)),
    "array": lambda x: dict(item=Item(np.array([x, x * x]))),
    "shared": shared_object,
    "unknown": in_a_lambda,
}


@pytest.mark.parametrize("make", MADE.values(), ids=MADE)
def test_a_container_of_objects_has_both_modes(make):
    sd.check_grads(make, (1.3,))


def test_an_object_that_is_repeated_gets_both_cotangents():
    value, pullback = sd.vjp(lambda x: [Item(x * x)] * 2, 3.0)
    assert value[0] is value[1]
    assert pullback([Item(1.0), None]) == 6.0
    assert pullback([Item(1.0), Item(10.0)]) == 66.0
    value, pullback = sd.vjp(lambda x: dict.fromkeys("ab", Item(x * x)), 3.0)
    assert pullback({"a": Item(1.0), "b": Item(2.0)}) == 18.0


def test_what_says_itself_how_one_walks_over_it_is_refused_with_all_that_was_given():
    with pytest.raises(sd.UnsupportedError, match=r"dict of \(list, more=Walked\) has no der"):
        sd.vjp(lambda x: dict([Walked(x)], more=Walked(x)), 3.0)
