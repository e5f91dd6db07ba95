"""What settings are in random programs, and how they are read and written there."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["CHANGES", "PLACES", "READS", "TEXT", "WRITES", "Place"]

TEXT = '''\
import argparse, operator, types
from types import SimpleNamespace
CFG = SimpleNamespace(rate=0.7, n=2, on=True, at=1, terms=[0.4, 0.2])
CFG.weights = np.array([.5, .2, .3])
class Config:
    dt = 0.6
    sizes = (0.3, 0.5)
    @classmethod
    def set(cls, v):
        cls.dt = v
class Model:
    shared = 0.4
    def __init__(self):
        self.gain, self.mode, self.names = 0.5, 'fast', {}
    def take(self, v):
        self.gain = v
        return self
    @property
    def level(self):
        return self.gain
    @level.setter
    def level(self, v):
        self.gain = v
model = Model()
plant = SimpleNamespace(parts=argparse.Namespace(scale=0.8))
class Slotted:
    __slots__ = ('k', 'rows')
slotted = Slotted()
slotted.k, slotted.rows = 0.3, [(0.2, 1), (0.5, 2)]
@dataclass(frozen=True)
class Frozen:
    k: float = 0.6
    flags: tuple = (True, 0.2)
frozen = Frozen()
space = types.ModuleType('space')
space.rate, space.couple = 0.7, (0.2, (0.3, 0.4))
def step(k):
    return step.size * k
step.size = 0.4
TABLE = {'a': 0.5, 'v': np.array([.1, .6, .4]), 3: 0.2}
NESTED = {'m': {'k': 0.3, 'deep': [0.1, 0.9]}, 'on': False}
LAYERS = [{'w': 0.6}, {'w': 0.2, 'name': 'last'}]
COEFFS = [0.3, 0.5, 0.2]
def captured():
    held = SimpleNamespace(k=0.5)
    def read(x):
        return held.k * x
    return held, read
own, read_own = captured()
KNOWN = dict(enumerate([CFG, Config, model, plant.parts, slotted, space, step, TABLE, NESTED['m'],
                        LAYERS[0], own, plant, NESTED, COEFFS, frozen, Model]))
def known(o):
    return next(held for held in KNOWN.values() if held is o)
def put(o, a, v):
    setattr(o, a, v)
def put_item(o, a, v):
    o[a] = v
def put_all(o, **new):
    for a, v in new.items():
        setattr(o, a, v)
def reading(x):
    return CFG.rate * x + Config.dt * model.gain + sum(COEFFS) * TABLE['a']
@contextlib.contextmanager
def using(o, a, v, back):
    setattr(o, a, v)
    yield
    setattr(o, a, back)
class Using:
    def __init__(self, o, **new):
        self.o, self.new = o, new
    def __enter__(self):
        self.old = {a: getattr(self.o, a) for a in self.new}
        put_all(self.o, **self.new)
    def __exit__(self, *error):
        put_all(self.o, **self.old)
class Sneaky:
    def __init__(self, o, a, v):
        self.write = lambda: setattr(o, a, v)
    def __add__(self, x):
        self.write()
        return x
    def __getitem__(self, k):
        self.write()
        return 0.5
    def __call__(self):
        self.write()
    def __iter__(self):
        self.write()
        yield 0.2
    @property
    def now(self):
        self.write()
        return 0.4
'''.splitlines()


class Place(NamedTuple):
    """A setting: whose it is, under which name, of what sort its owner is, and what it is."""

    owner: str
    key: str
    sort: str
    kind: str
    #: What it is at first, and what may come in its place.
    begin: str
    others: tuple[str, ...]

    @property
    def text(self) -> str:
        return f"{self.owner}[{self.key}]" if self.sort == "dict" else \
            self.key if self.sort == "name" else f"{self.owner}.{self.key}"


NUMBERS = ("0.9", "2", "np.float64(0.6)", "np.array(0.8)", "True", "-0.3", "0.45")
LISTS = ("[0.3, 2, 0.5]", "(0.2, 0.4)", "[1]", "np.array([0.2, 0.4])", "[0.1] * 15", "[]",
         "[np.float64(0.3), 0.1]", "[0.25, 0.35]")
COUNTS = ("3", "1", "np.int64(2)", "0")
FLAGS = ("False", "1", "0.0", "None", "[]", "'word'", "np.True_", "True")
WORDS = ("'slow'", "'fast'", "None", "'slowly'")
ARRAYS = ("np.array([0.2, 0.1, 0.7])", "np.array([1, 0, 1])", "np.array(0.5)",
          "np.array([0.4])", "np.float64(0.3)", "np.array([0.3, 0.2, 0.1])[::-1]")
ROWS_OF = ("[(0.3, 2)]", "((0.1, 0.5), (0.2, 1))", "[[0.4, 1], [0.2, 0]]", "[]",
           "np.array([[0.1, 0.3], [0.2, 0.4]])")
PLACES = [
    Place("CFG", "rate", "object", "number", "0.7", NUMBERS),
    Place("Config", "dt", "class", "number", "0.6", NUMBERS),
    Place("model", "gain", "object", "number", "0.5", NUMBERS),
    Place("model", "shared", "object", "number", "0.4", NUMBERS),
    Place("plant.parts", "scale", "object", "number", "0.8", NUMBERS),
    Place("slotted", "k", "slots", "number", "0.3", NUMBERS),
    Place("frozen", "k", "frozen", "number", "0.6", NUMBERS),
    Place("space", "rate", "object", "number", "0.7", NUMBERS),
    Place("step", "size", "object", "number", "0.4", NUMBERS),
    Place("own", "k", "object", "number", "0.5", NUMBERS),
    Place("TABLE", "'a'", "dict", "number", "0.5", NUMBERS),
    Place("TABLE", "3", "dict", "number", "0.2", NUMBERS),
    Place("NESTED['m']", "'k'", "dict", "number", "0.3", NUMBERS),
    Place("LAYERS[0]", "'w'", "dict", "number", "0.6", NUMBERS),
    Place("COEFFS", "0", "dict", "number", "0.3", NUMBERS),
    Place("CFG", "n", "object", "count", "2", COUNTS),
    Place("CFG", "at", "object", "index", "1", ("2", "0", "-1", "np.int64(1)")),
    Place("CFG", "on", "object", "flag", "True", FLAGS),
    Place("NESTED", "'on'", "dict", "flag", "False", FLAGS),
    Place("model", "mode", "object", "word", "'fast'", WORDS),
    Place("CFG", "terms", "object", "list", "[0.4, 0.2]", LISTS),
    Place("Config", "sizes", "class", "list", "(0.3, 0.5)", LISTS),
    Place("NESTED['m']", "'deep'", "dict", "list", "[0.1, 0.9]", LISTS),
    Place("CFG", "weights", "object", "array", "np.array([.5, .2, .3])", ARRAYS),
    Place("TABLE", "'v'", "dict", "array", "np.array([.1, .6, .4])", ARRAYS),
    Place("slotted", "rows", "slots", "rows", "[(0.2, 1), (0.5, 2)]", ROWS_OF),
    Place("NESTED", "'m'", "dict", "table", "{'k': 0.3, 'deep': [0.1, 0.9]}",
          ("{'k': 1, 'deep': (0.2,)}", "{'deep': [2], 'k': 0.2, 'more': 1.0}")),
    Place("space", "couple", "object", "couple", "(0.2, (0.3, 0.4))",
          ("(1, (0.3, 2))", "[0.2, [0.5, 0.4]]", "(0.1, np.array([0.3, 0.4]))")),
    Place("plant", "parts", "object", "parts", "known(KNOWN[3])",
          ("SimpleNamespace(scale=2)", "Slotted()", "SimpleNamespace(scale=np.array(0.3))")),
]
READS = {
    "number": [
        "total += {p} * {x}", "total = 0.5 * total + {p}", "total += math.sin({p} * {x})",
        "total -= 0.3 * {x} * {y} / (2.0 + {p} * {p})", "if {p} > 0.55:\n    total += 0.2 * {x}",
        "total += np.sum(np.full(2, {p}) * {x}) * 0.2",
        "total += 0.2 * (1.5 + math.sin({x})) ** {p}",
        "total = max(total, 0.3 * {p} * {x})", "own_k = {p}\ntotal += 0.4 * own_k * {x}",
        "for _ in range(2):\n    total = 0.6 * total + 0.2 * {p} * {x}",
        "total += 0.1 * reading({x})", "total += 0.2 * read_own({x}) + 0.1 * step({y})",
        "total += sum([{p} * part for part in ({x}, 0.3)])",
    ],
    "count": [
        "for turn in range({p}):\n    total = 0.5 * total + 0.2 * {x}",
        "total += np.sum(np.zeros({p}) + {x}) * 0.2", "total += 0.2 * {x} ** {p}",
        "total += 0.1 * sum([{x}] * {p})", "total += 0.2 * {p} * {x}",
    ],
    "index": ["total += 0.3 * [{x}, 0.2, {y}][{p}]",
              "total += 0.3 * np.array([{x}, 0.1, {y}])[{p}]",
              "vec = np.zeros(3)\nvec[{p}] = {x}\ntotal += 0.2 * vec[1] + 0.1 * vec[2]"],
    "flag": ["if {p}:\n    total += 0.3 * {x}\nelse:\n    total *= 0.7",
             "total += (0.2 * {x} if {p} else {y} * 0.1)", "total += 0.1 * ({p} is None) * {x}",
             "total += 0.1 * bool({p}) * {x}"],
    "word": ["if {p} == 'fast':\n    total += 0.2 * {x}\nelse:\n    total -= 0.1 * {x} * {y}",
             "total += {{'fast': 0.2}}.get({p}, 0.3) * {x}",
             ("match {p}:\n    case 'slow':\n        total *= {x}\n"
              "    case _:\n        total += {y}")],
    "list": [
        "for part in {p}:\n    total = 0.5 * total + 0.2 * part * {x}",
        "total += sum(c * {x} ** i for i, c in enumerate({p})) * 0.1",
        "total += 0.1 * len({p}) * {x}", "total += 0.1 * np.sum(np.array({p}) * {x})",
        "if len({p}) > 1:\n    total += {p}[1] * {x}", "total += math.sin(0.3 * sum({p})) * {x}",
        "for part, other in zip({p}, ({x}, {y})):\n    total += 0.3 * part * other",
        "total += max([0.1, *{p}]) * {x}",
    ],
    "array": ["total += 0.3 * np.sum({p} * {x})", "total += 0.2 * np.sum(np.sin({x} * {p}))",
              "total += 0.2 * np.max({p}) * {x}", "total += 0.1 * np.size({p}) * {x}",
              "total += 0.2 * np.mean(np.array([{x}, {y}, 0.2]) * {p})"],
    "rows": ["for part, power in {p}:\n    total += 0.2 * part * {x} * power",
             "total += sum(part * {x} ** 2 * power for part, power in {p}) * 0.2",
             "total += 0.1 * len({p}) * {x}"],
    "table": ["total += NESTED['m']['k'] * {x}", "table = {p}\ntotal += table['k'] * {x}",
              "total += 0.1 * len({p}) * {x}",
              "for part in {p}['deep']:\n    total += 0.2 * part * {x}",
              "for key in ('k',):\n    total += 0.2 * {p}[key] * {x}",
              "total += 0.1 * {p}.get('more', 0.4) * {x}"],
    "couple": ["one, (two, three) = {p}\ntotal += 0.2 * one * {x} + 0.1 * two * three * {y}",
               "total += 0.2 * {p}[1][0] * {x}", "total += 0.1 * {p}[0] * {x}"],
    "parts": ["total += 0.3 * getattr({p}, 'scale', 0.2) * {x}",
              "try:\n    total += 0.2 * {p}.scale * {x}\nexcept AttributeError:\n    total += {y}"],
}
_SETS = [
    "{p} = {v}", "{p} = {v}", "setattr({o}, '{a}', {v})", "put({o}, '{a}', {v})",
    "same = {o}\nsame.{a} = {v}", "put_all({o}, {a}={v})",
    "for key, new in [('{a}', {v})]:\n    setattr({o}, key, new)",
    "with using({o}, '{a}', {v}, {p}):\n    {read}", "with Using({o}, {a}={v}):\n    {read}",
    "sneak = Sneaky({o}, '{a}', {v})\ntotal += 0.1 * (sneak + 0.2)",
    "sneak = Sneaky({o}, '{a}', {v})\ntotal += 0.1 * sneak.now",
    "sneak = Sneaky({o}, '{a}', {v})\nsneak()", "Sneaky({o}, '{a}', {v})()",
    "sneak = Sneaky({o}, '{a}', {v})\nfor part in sneak:\n    total += part",
]
_OF_OBJECTS = [
    "vars({o})['{a}'] = {v}", "{o}.__dict__.update({a}={v})", "{o}.__dict__['{a}'] = {v}",
    "names = {o}.__dict__\nnames['{a}'] = {v}",
    "for key in ('{a}',):\n    vars({o})[key] = {v}", "known({o}).{a} = {v}",
    "found = known({o})\nfound.{a} = {v}", "setattr(known({o}), '{a}', {v})",
]
WRITES = {
    "object": [*_SETS, *_OF_OBJECTS], "class": [*_SETS, "type.__setattr__({o}, '{a}', {v})"],
    "slots": [*_SETS, "object.__setattr__({o}, '{a}', {v})", "found = known({o})\nfound.{a} = {v}"],
    "frozen": ["object.__setattr__({o}, '{a}', {v})", "vars({o})['{a}'] = {v}"],
    "dict": [
        "{p} = {v}", "{p} = {v}", "put_item({o}, {a}, {v})", "same = {o}\nsame[{a}] = {v}",
        "for key in ({a},):\n    {o}[key] = {v}", "operator.setitem({o}, {a}, {v})",
        "{o}.__setitem__({a}, {v})", "found = known({o})\nfound[{a}] = {v}",
    ],
    "model.gain": ["model.take({v})", "model.level = {v}", "known(model).level = {v}",
                   "model.take({v}).level += 0.1", "model.gain *= 0.5"],
    "Config.dt": ["Config.set({v})", "type('Below', (Config,), {{}}).dt\nConfig.set({v})"],
    "list": ["{p} = [0.1, 0.2]\n{p}.append(3)", "{p} = [0.3]\n{p}[0] = 2", "{p} = {p}[::-1]",
             "{p} = [0.3, 0.1]\n{p}.insert(0, 1)"],
    "array": ["{p}[1] = 0.4", "{p} *= 0.5", "np.sin({p}, out={p})", "{p} = {p}[:, None]",
              "part = {p}[1:]\npart += 0.2"],
    "TABLE['a']": ["TABLE.update(a={v})", "TABLE.pop('a')\nTABLE['a'] = {v}",
                   "TABLE.update({{'a': {v}}})"],
    "undo": ["{p} = {v}", "setattr({o}, '{a}', {v})", "put({o}, '{a}', {v})",
             "vars({o})['{a}'] = {v}"],
}
#: What else may come between two calls, by the place that it is about.
CHANGES = [
    ("model.shared", "Model.shared = 2"), ("model.shared", "Model.shared = np.float64(0.2)"),
    ("model.shared", "Model.shared = property(lambda self: 0.3)"),
    ("model.shared", "del Model.shared\nModel.__getattr__ = lambda self, name: 0.35"),
    ("model.gain", "Model.gain = property(lambda self: 0.25)\ndel Model.gain"),
    ("model.gain", "model.__class__ = type('Other', (Model,), {'shared': 0.1})"),
    ("step.size", "step.__dict__.update(size=2)"), ("TABLE['a']", "TABLE['a'] = TABLE[3]"),
    ("COEFFS[0]", "COEFFS.append(2)"), ("COEFFS[0]", "COEFFS[:] = [1, 0.5]"),
    ("COEFFS[0]", "globals()['COEFFS'] = (0.2, 0.3)"), ("COEFFS[0]", "COEFFS.insert(0, 1)"),
    ("LAYERS[0]['w']", "LAYERS.insert(0, {'w': 2, 'name': 'first'})"),
    ("LAYERS[0]['w']", "globals()['LAYERS'] = {0: {'w': 0.2}}"),
    ("CFG.weights", "CFG.weights *= 0.5"), ("CFG.weights", "CFG.weights = CFG.weights * 1.5"),
    ("CFG.rate",
     "globals()['CFG'] = KNOWN[99] = argparse.Namespace(**dict(vars(CFG), rate=1))"),
    ("plant.parts.scale", "plant.parts = SimpleNamespace(scale=1)"),
    ("NESTED['m']['k']", "NESTED['m'] = {'deep': (0.1, 0.2), 'k': 2}"),
    ("own.k", "read_own.__closure__[0].cell_contents = SimpleNamespace(k=2)"),
    ("Config.dt",
     "globals()['Config'] = KNOWN[98] = type('Config', (Config,), {'dt': 1})"),
    ("TABLE['a']", "globals()['TABLE'] = types.MappingProxyType(TABLE)"),
]
