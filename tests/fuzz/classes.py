"""Random small classes: fields of every kind, methods that read and write them, operators."""

from __future__ import annotations

from collections.abc import Callable

from tests.fuzz import calls, scalars, statements, vectors
from tests.fuzz.draft import REAL, Class, Draft, Kind, Method, Scope, array, indent
from tests.fuzz.places import bounded_growth, dict_of, list_of, object_of

NAMES = ["Cell", "Body", "Layer", "State", "Meter", "Track"]


def new_class(d: Draft, feature: str, style: str) -> list[str]:
    """The text of a class, which is registered with what it offers."""
    name = f"{d.rng.choice(NAMES)}_{len(d.classes) + len(d.helpers)}"
    fields: dict[str, Kind] = {"x": REAL}
    if "arrays" in d.allowed and d.rng.random() < 0.6:
        fields["a"] = array(d.rng.choice([(3,), (3,), (2,), (2, 2)]))
    if d.rng.random() < 0.4:
        fields["y"] = REAL
    params = dict(fields)
    if d.classes and style != "dataclass" and d.rng.random() < 0.25:
        # An object in an object, handed over or made by the constructor.
        fields["part"] = object_of(d.rng.choice(list(d.classes)))
        params["part"] = fields["part"]
    if d.rng.random() < 0.35:
        fields["items"] = list_of(REAL)
    if d.rng.random() < 0.2:
        fields["table"] = dict_of(REAL)
    made = Class(name, tuple(params.values()), fields, [], feature)
    lines = {"dataclass": dataclass_head, "slots": slots_head}.get(style, plain_head)(d, made,
                                                                                   list(params))
    d.classes[name] = made
    makers = d.rng.sample(METHODS, d.rng.randint(2, 4))
    for maker in [stepping, *makers]:
        lines += ["", *indent(maker(d, made))]
    return lines


def initial(d: Draft, field: str, kind: Kind) -> str:
    """What the constructor puts into a field."""
    if field == "items":
        return d.rng.choice(["[x]", "[x, 0.5 * x]", "[0.7]"])
    if field == "table":
        return d.rng.choice(["{'p': x, 'q': 0.3}", "dict(p=0.5, q=x)"])
    if kind[0] == "real" and kind[1]:
        return d.rng.choice(["a", "a", "a.copy()", "np.array(a)", "0.5 * a", "np.asarray(a)"])
    if field == "x":
        return d.rng.choice(["x", "x", "0.7 * x", "math.sin(x)"])
    return field


def plain_head(d: Draft, made: Class, params: list[str]) -> list[str]:
    head = [f"class {made.name}:", f"    rate = {scalars.number(d).text}", ""]
    if d.rng.random() < 0.5:
        del head[1:]
    body = [f"self.{field} = {initial(d, field, kind)}" for field, kind in made.fields.items()]
    if d.rng.random() < 0.3:
        body.append("self.x += 0.1")
    return [*head, f"    def __init__(self, {', '.join(params)}):", *indent(indent(body))]


def slots_head(d: Draft, made: Class, params: list[str]) -> list[str]:
    lines = plain_head(d, made, params)
    first = next(i for i, line in enumerate(lines) if "def " in line)
    return [lines[0], f"    __slots__ = {tuple(made.fields)!r}", *lines[first:]]


def dataclass_head(d: Draft, made: Class, params: list[str]) -> list[str]:
    lines = ["@dataclass", f"class {made.name}:"]
    for field, kind in made.fields.items():
        if field in params:
            lines.append(f"    {field}: {'float' if kind == REAL else 'np.ndarray'}")
    for field in made.fields:
        if field == "items":
            lines.append("    items: list = field(default_factory=lambda: [0.5, 0.3])")
        if field == "table":
            lines.append("    table: dict = field(default_factory=lambda: {'p': 0.4, 'q': 0.6})")
    if d.rng.random() < 0.3:
        lines += ["", "    def __post_init__(self):", "        self.x = 0.9 * self.x"]
    return lines


def own(made: Class, *params: str, returns: bool = True) -> Scope:
    """The scope of a method."""
    names: dict[str, Kind] = {"self": object_of(made.name), **{p: REAL for p in params}}
    return Scope(names, locked=frozenset(["self"]), returns=(REAL,) if returns else (), depth=3)


def read(d: Draft, made: Class, scope: Scope) -> str:
    """A float that depends on a field, surely."""
    field = d.rng.choice([f"self.{f}" for f, kind in made.fields.items() if kind == REAL])
    other = scalars.scalar(d, scope, 2).text
    return d.rng.choice([f"math.sin({field} + {other})", f"0.5 * {field} * math.tanh({other})",
                         f"0.5 * ({field} + {other})"])


def stepping(d: Draft, made: Class) -> list[str]:
    """A method that writes fields."""
    scope = own(made, "dt")
    count = d.rng.randint(0, 1)
    before = statements.block(d, scope, count)[0] if count else []
    if any(line.lstrip().startswith("return") for line in before):
        before, scope = [], own(made, "dt")
    body = [d.rng.choice([f"self.x += 0.3 * {read(d, made, scope)}",
                          f"self.x = {read(d, made, scope)}", f"self.x *= math.cos({'dt'})"])]
    if "a" in made.fields:
        shape = made.fields["a"][1]
        part = vectors.vector(d, scope, shape, 1, 1.0).text
        body += d.rng.choice([[f"self.a += 0.2 * {part}"], [f"self.a = np.sin({part})"],
                              ["self.a[0] = self.x"], ["self.a[1:] *= dt"], []])
    if "items" in made.fields:
        body += d.rng.choice([bounded_growth(scope, "self.items", "self.items.append(self.x)"),
                              ["self.items[0] = self.x * dt"], []])
    if "part" in made.fields and d.rng.random() < 0.7:
        body.append("self.part.step(0.5 * dt)")
    gives = d.rng.random()
    result = None
    if gives < 0.3:
        body.append(f"return {read(d, made, scope)}")
        result = REAL
    elif gives < 0.45:
        body.append("return self")
    made.methods.append(Method("step", (REAL,), result))
    return ["def step(self, dt):", *indent([*before, *body])]


def energy(d: Draft, made: Class) -> list[str]:
    text = read(d, made, own(made))
    made.methods.append(Method("energy", (), REAL))
    return ["def energy(self):", f"    return {text}"]


def mixed(d: Draft, made: Class) -> list[str]:
    """A method that calls another, and returns something."""
    scope = own(made, "v")
    text = read(d, made, scope)
    made.methods.append(Method("mixed", (REAL,), REAL))
    return ["def mixed(self, v=0.5):", "    before = self.x", "    self.step(0.3 * v)",
            f"    return {text} - 0.5 * before"]


def total(d: Draft, made: Class) -> list[str]:
    text = read(d, made, own(made))
    made.methods.append(Method("total", (), REAL, "{0}.{1}"))
    lines = ["@property", "def total(self):", f"    return {text}"]
    if "y" in made.fields and d.rng.random() < 0.6:
        lines += ["", "@total.setter", "def total(self, v):", "    self.y = 0.5 * v",
                  "    self.x = self.x - 0.2 * v"]
        made.methods.append(Method("total", (REAL,), None, "{0}.{1} = {2}"))
    return lines


def called(d: Draft, made: Class) -> list[str]:
    scope = own(made, "v")
    text = read(d, made, scope)
    change = d.rng.choice([["self.x = 0.5 * (self.x + v)"], []])
    made.methods.append(Method("__call__", (REAL,), REAL, "{0}({2})"))
    return ["def __call__(self, v):", *indent(change), f"    return {text}"]


def indexed(d: Draft, made: Class) -> list[str]:
    made.methods.append(Method("__getitem__", (), REAL, "{0}['x']"))
    made.methods.append(Method("__setitem__", (REAL,), None, "{0}['x'] = {2}"))
    return ["def __getitem__(self, key):", "    return self.x if key == 'x' else 0.5 * self.x", "",
            "def __setitem__(self, key, v):", "    self.x = v"]


def operator(d: Draft, made: Class) -> list[str]:
    """An operator that makes a new object, or gives a float."""
    rest = "".join(f", self.{p}" for p in list(made.fields)[1:len(made.params)])
    sign, name = d.rng.choice([("+", "add"), ("*", "mul"), ("-", "sub")])
    result, kind = d.rng.choice([
        (f"{made.name}(0.5 * (self.x {sign} other.x){rest})", object_of(made.name)),
        (f"0.3 * (self.x {sign} other.x)", REAL)])
    made.methods.append(Method(f"__{name}__", (), kind, f"({{0}} {sign} {{0}})"))
    return [f"def __{name}__(self, other):", f"    return {result}"]


def in_place(d: Draft, made: Class) -> list[str]:
    """An in-place operator: writes and gives its object, makes another, or leaves it to `/`."""
    scope = own(made, "other")
    rest = "".join(f", self.{p}" for p in list(made.fields)[1:len(made.params)])
    new = f"return {made.name}(0.5 * self.x + 0.3 * math.sin(other){rest})"
    name, lines = d.rng.choice([
        ("iadd", [f"self.x = {read(d, made, scope)}", "return self"]),
        ("imul", ["self.x *= math.cos(other)", "return self"]),
        ("isub", [new]), ("itruediv", ["return NotImplemented"])])
    if "a" in made.fields and name == "imul":
        lines[:0] = ["self.a *= 0.5", "self.a[0] = other"]
    if "items" in made.fields and name == "iadd":
        lines[:0] = ["self.items[0] = other * self.x"]
    made.methods.append(Method(f"__{name}__", (REAL,), object_of(made.name),
                               f"operator.{name}({{0}}, {{2}})"))
    plain = ["", "def __truediv__(self, other):", f"    {new}"] if name == "itruediv" else []
    return [f"def __{name}__(self, other):", *indent(lines), *plain]


def static(d: Draft, made: Class) -> list[str]:
    text = scalars.scalar(d, Scope({"v": REAL}, returns=(REAL,), depth=3), 2).text
    made.methods.append(Method("shaped", (REAL,), REAL))
    if d.rng.random() < 0.5:
        return ["@staticmethod", "def shaped(v):", f"    return {text}"]
    return ["@classmethod", "def shaped(cls, v):", f"    return {text} if cls is not None else v"]


def constructor(d: Draft, made: Class) -> list[str]:
    params = [f for f in made.fields][:len(made.params)]
    text = ", ".join("v * 0.5" if p == "x" else p for p in params)
    rest = ", ".join(p for p in params if p != "x")
    made.methods.append(Method("scaled", made.params, object_of(made.name),
                               made.name + ".{1}({2})"))
    return ["@classmethod", f"def scaled(cls, v{', ' + rest if rest else ''}):",
            f"    return cls({text})"]


def chained(d: Draft, made: Class) -> list[str]:
    """A method that returns its object, for calls in a row."""
    made.methods.append(Method("moved", (REAL,), object_of(made.name)))
    return ["def moved(self, v):", "    self.x = self.x + 0.2 * v", "    return self"]


def array_given(d: Draft, made: Class) -> list[str]:
    """A method that hands out a field itself, which others may write."""
    if "a" not in made.fields:
        return energy(d, made)
    made.methods.append(Method("inside", (), made.fields["a"]))
    text = d.rng.choice(["self.a", "self.a[:]", "self.a[::-1]", "self.a.view()"])
    return ["def inside(self):", f"    return {text}"]


def derived(d: Draft, base: Class) -> list[str]:
    """A class that overrides the step of another and calls it."""
    name = f"Special_{len(d.classes) + len(d.helpers)}"
    own_class = Class(name, base.params, dict(base.fields), list(base.methods), base.feature)
    d.classes[name] = own_class
    lines = [f"class {name}({base.name}):"]
    if d.rng.random() < 0.4:
        params = list(base.fields)[:len(base.params)]
        own_class.fields["extra"] = REAL
        lines += [f"    def __init__(self, {', '.join(params)}):",
                  f"        super().__init__({', '.join(params)})", "        self.extra = 0.5 * x",
                  ""]
    step = next(m for m in base.methods if m.name == "step")
    scope = own(own_class, "dt")
    body = d.rng.choice([
        ["result = super().step(0.5 * dt)", "self.x = math.sin(self.x) + 0.1 * dt"],
        [f"self.x = {read(d, own_class, scope)}", "result = super().step(dt)"],
        [f"result = {base.name}.step(self, dt * 0.7)"],
        [f"result = {read(d, own_class, scope)}", "self.x = 0.5 * result"],
    ])
    result = "result" if step.result else "None"
    return [*lines, *indent(["def step(self, dt):", *indent([*body, f"return {result}"])])]


METHODS: list[Callable[[Draft, Class], list[str]]] = [
    energy, mixed, total, called, indexed, operator, in_place, static, constructor, chained,
    array_given]


def constructed(d: Draft, scope: Scope, made: Class) -> str:
    """The text that makes an object: an array is mostly handed over by name."""
    texts = [vectors.leaf(d, scope, kind[1]).text if kind[0] == "real" and kind[1]
             else calls.expression(d, scope, kind, 1).text for kind in made.params]
    return f"{made.name}({', '.join(texts)})"
