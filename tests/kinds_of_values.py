"""Kinds of differentiable values: each holds an array, a number and an array, in its own way.

`build(a, b, c)` makes one, `parts(value)` gives what stands in the three places, be the value a
gradient or the value itself; `loss(value)` and `several(value)` are `of_three` and `of_several` of
these, written as a user of such a value would.
"""

import collections
import dataclasses
import types
import typing

import numpy as np

import s2sdiff as sd


class Kind(typing.NamedTuple):
    name: str
    build: typing.Any
    parts: typing.Any
    loss: typing.Any
    several: typing.Any


def of_three(a, b, c):
    return np.sum(a**2 * c) * b + np.sum(np.sin(a)) * b * b


def of_several(a, b, c):
    return a * c * b + np.sin(a)


Triple = collections.namedtuple("Triple", ["a", "b", "c"])


class Defaulted(typing.NamedTuple):
    a: np.ndarray
    b: float
    c: np.ndarray
    n: int = 7
    title: str = "defaulted"


@dataclasses.dataclass
class Plain:
    a: np.ndarray
    b: float
    c: np.ndarray
    n: int = 3
    title: str = "plain"
    act: typing.Any = np.tanh


@dataclasses.dataclass(frozen=True)
class Frozen:
    a: np.ndarray
    b: float
    c: np.ndarray
    n: int = 3

    def __post_init__(self):
        if self.a is None or self.n is None:
            raise AssertionError("the constructor is run for a gradient")


@dataclasses.dataclass(slots=True)
class Slotted:
    a: np.ndarray
    b: float
    c: np.ndarray


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class FrozenSlots:
    a: np.ndarray
    b: float
    c: np.ndarray
    flag: bool = True


@dataclasses.dataclass
class Computed:
    start: dataclasses.InitVar[np.ndarray]
    b: float
    c: np.ndarray = dataclasses.field(kw_only=True)
    a: np.ndarray = dataclasses.field(init=False, repr=False)
    limit: typing.ClassVar[float] = 5.0

    def __post_init__(self, start):
        self.a = np.array(start)


@dataclasses.dataclass
class Inherited(Plain):
    extra: tuple = ()


class Below(Plain):
    """No dataclass itself, and with an attribute that is no field."""

    def __init__(self, a, b, c):
        super().__init__(a, b, c)
        self.made = True


class Asking:
    def __init__(self, a, b, c):
        self.a, self.b = a, b
        self.hidden = {"c": c}

    def __getattr__(self, name):
        if name == "c":
            return self.__dict__["hidden"]["c"]
        raise AttributeError(name)


class PrivateSlots:
    __slots__ = ("__a", "b", "c")

    def __init__(self, a, b, c):
        self.__a, self.b, self.c = a, b, c

    @property
    def a(self):
        return self.__a


class Noting(Plain):
    """Counts what is set."""

    def __setattr__(self, name, value):
        object.__setattr__(self, name, value)
        object.__setattr__(self, "count", self.__dict__.get("count", 0) + 1)


class Single:
    """Of which there may be one."""

    made = None

    def __new__(cls, *numbers):
        made = object.__new__(cls)
        made.born = True
        return made

    def __init__(self, a, b, c):
        self.a, self.b, self.c = a, b, c


class Registered:
    def __init__(self, numbers, names):
        assert len(numbers) == len(names) == 3
        self.numbers, self.names, self.size = numbers, names, len(names)


sd.register_differentiable(Registered, lambda x: ((x.numbers,), x.names),
                           lambda names, children: Registered(*children, names))


class RegisteredSlots:
    __slots__ = ("a", "b", "c", "n")

    def __init__(self, a, b, c, n=3):
        self.a, self.b, self.c, self.n = a, b, c, n


sd.register_differentiable(RegisteredSlots, lambda x: ((x.a, x.b, x.c), x.n),
                           lambda n, children: RegisteredSlots(*children, n))


@dataclasses.dataclass(slots=True)
class Crowded:
    """With much that does not move, and empty containers."""

    a: np.ndarray
    b: float
    c: np.ndarray
    scale: float = sd.field(differentiable=False, default=2.0)
    n: int = 3
    title: str = "crowded"
    nothing: typing.Any = None
    rest: typing.Any = dataclasses.field(default_factory=lambda: [{}, ()])


class Row(list):
    pass


@dataclasses.dataclass
class Around:
    inner: typing.Any
    label: str = "around"


def nested(a, b, c):
    return {"model": (Around([Plain(a, b, c)]), 1)}


#: How the three are read: as a tuple, and in the two functions.
INDICES = (lambda v: (v[0], v[1], v[2]), lambda v: of_three(v[0], v[1], v[2]),
           lambda v: of_several(v[0], v[1], v[2]))
KEYS = (lambda v: (v["a"], v["b"], v["c"]), lambda v: of_three(v["a"], v["b"], v["c"]),
        lambda v: of_several(v["a"], v["b"], v["c"]))
ANY_KEYS = (lambda v: (v[3], v[0, "b"], v[None]), lambda v: of_three(v[3], v[0, "b"], v[None]),
            lambda v: of_several(v[3], v[0, "b"], v[None]))
NAMES = (lambda v: (v.a, v.b, v.c), lambda v: of_three(v.a, v.b, v.c),
         lambda v: of_several(v.a, v.b, v.c))
NUMBERS = (lambda v: tuple(v.numbers),
           lambda v: of_three(v.numbers[0], v.numbers[1], v.numbers[2]),
           lambda v: of_several(v.numbers[0], v.numbers[1], v.numbers[2]))
SECOND = (lambda v: tuple(v[1].numbers),
          lambda v: of_three(v[1].numbers[0], v[1].numbers[1], v[1].numbers[2]),
          lambda v: of_several(v[1].numbers[0], v[1].numbers[1], v[1].numbers[2]))
DEEP = (lambda v: NAMES[0](v["model"][0].inner[0]),
        lambda v: of_three(v["model"][0].inner[0].a, v["model"][0].inner[0].b,
                           v["model"][0].inner[0].c),
        lambda v: of_several(v["model"][0].inner[0].a, v["model"][0].inner[0].b,
                             v["model"][0].inner[0].c))

KINDS = [
    Kind("list", lambda a, b, c: [a, b, c], *INDICES),
    Kind("tuple", lambda a, b, c: (a, b, c), *INDICES),
    Kind("deque", lambda a, b, c: collections.deque([a, b, c], maxlen=5), *INDICES),
    Kind("dict", lambda a, b, c: {"a": a, "b": b, "n": 4, "c": c}, *KEYS),
    Kind("dict of any keys", lambda a, b, c: {3: a, (0, "b"): b, None: c}, *ANY_KEYS),
    Kind("OrderedDict", lambda a, b, c: collections.OrderedDict(a=a, b=b, c=c), *KEYS),
    Kind("defaultdict", lambda a, b, c: collections.defaultdict(list, a=a, b=b, c=c), *KEYS),
    Kind("namedtuple", Triple, *NAMES),
    Kind("named tuple with defaults", Defaulted, *NAMES),
    Kind("dataclass", Plain, *NAMES),
    Kind("frozen dataclass", Frozen, *NAMES),
    Kind("dataclass with slots", Slotted, *NAMES),
    Kind("frozen slots, keywords only", lambda a, b, c: FrozenSlots(a=a, b=b, c=c), *NAMES),
    Kind("InitVar and computed fields", lambda a, b, c: Computed(a, b, c=c), *NAMES),
    Kind("dataclass below a dataclass", Inherited, *NAMES),
    Kind("class below a dataclass", Below, *NAMES),
    Kind("class with __getattr__", Asking, *NAMES),
    Kind("class with private slots", PrivateSlots, *NAMES),
    Kind("class with __setattr__", Noting, *NAMES),
    Kind("class with __new__", Single, *NAMES),
    Kind("SimpleNamespace", lambda a, b, c: types.SimpleNamespace(a=a, b=b, c=c), *NAMES),
    Kind("registered class", lambda a, b, c: Registered([a, b, c], "abc"), *NUMBERS),
    Kind("registered class in a list", lambda a, b, c: [5, Registered([a, b, c], "abc"), []],
         *SECOND),
    Kind("registered class with slots", RegisteredSlots, *NAMES),
    Kind("slots with what does not move", Crowded, *NAMES),
    Kind("list with what does not move",
         lambda a, b, c: [a, b, c, None, 3, "s", [], {}, (), collections.OrderedDict()], *INDICES),
    Kind("class below list", lambda a, b, c: Row((a, b, c)), *INDICES),
    Kind("nested", nested, *DEEP),
]
