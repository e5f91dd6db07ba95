"""Methods that Python calls by itself, and texts that compute: both write the arrays they hold.

The arrays are constants, or vary; what C code walks over, reads and prints writes as well.
"""

from __future__ import annotations

from tests.fuzz.draft import DEPTH, REAL, Draft, Row, Scope, bind, fresh
from tests.fuzz.drawn import several

__all__ = ["MAKERS", "ROWS"]

Made = tuple[list[str], bool] | None

TEXT = '''\
def scale(m, v):
    m[1] *= v
    return v
class Gauge:
    def __init__(self, m, k=0.8):
        self.m, self.k = m, k
    def __bool__(self):
        self.m[0] *= self.k
        return True
    def __len__(self):
        self.m[1] += 0.1
        return 2
    def __getitem__(self, at):
        if at > 1:
            raise IndexError(at)
        self.m[at] *= 0.9
        return self.m[at] + self.k
    def __contains__(self, v):
        self.m[2] *= 0.7
        return v == 1
    def __str__(self):
        self.m[0] += 0.2
        return "gauge"
    def __repr__(self):
        self.m[1] *= 1.1
        return "Gauge()"
    def __format__(self, how):
        self.m[2] *= self.k
        return how
    def __index__(self):
        self.m[0] *= 0.8
        return 1
    def __float__(self):
        self.m[1] *= 0.9
        return 0.6
    def __hash__(self):
        self.m[2] += 0.1
        return 3
    def __eq__(self, other):
        self.m[0] *= 0.9
        return self is other
    def __lt__(self, other):
        self.m[1] *= 0.9
        return True
    def __neg__(self):
        self.m[2] *= 0.8
        return self.m[2] * 0.5
    def __add__(self, other):
        self.m[0] *= 0.7
        return other * self.k
    def __call__(self, v=0.5):
        self.m[1] *= v
        return v
    def __getattr__(self, name):
        if name.startswith('_') or name in ('m', 'k'):
            raise AttributeError(name)
        self.m[2] *= 0.6
        return 0.3
    @property
    def level(self):
        self.m[0] += 0.1
        return 0.4
class Rounds:
    def __init__(self, m, most=2):
        self.m, self.most, self.at = m, most, 0
    def __iter__(self):
        self.m[1] *= 0.9
        return self
    def __next__(self):
        self.at += 1
        if self.at > self.most:
            raise StopIteration
        self.m[0] *= 0.8
        return 0.2 * self.at
class Others:
    def __init__(self, m):
        self.m = m
    def __iter__(self):
        self.m[2] += 0.1
        return Rounds(self.m, 3)
class Steps:
    def __init__(self, m):
        self.m = m
    def __iter__(self):
        self.m[1] *= 0.9
        yield 0.3
        self.m[0] *= 0.8
        yield 0.5
        self.m[2] *= 0.7
'''.splitlines()
#: What can be walked over: nobody takes a method's name.
WALKED = ["Gauge(m)", "gauge", "Rounds(m)", "Others(m)", "Steps(m)", "walk"]
WALKS = [
    "for v in {walked}: total += v", "for v in {walked}: pass",
    "for v in {walked}:\n    total *= v\n    break",
    "kept = [v for v in {walked}]\ntotal += kept[0]", "kept = [*{walked}]\ntotal += kept[-1]",
    "total += sum({walked})", "total += max({walked})", "total += list({walked})[0]",
    "kept = tuple({walked})",
    "first, *rest = list({walked})\ntotal += first * {x}", "total += sorted({walked})[0]",
    "for k, v in enumerate({walked}): total += k * v",
    "for v, k in zip({walked}, (0.3, 0.4)): total += v * k",
    "kept = {{v: {x} for v in {walked}}}\ntotal += len(kept)", "kept = []\nkept.extend({walked})",
    "kept = [{y}]\nkept += {walked}\ntotal += kept[-1]", "total += any(v > 0.3 for v in {walked})",
    "kept = list(map(lambda v: v * {x}, {walked}))\ntotal += kept[0]",
    "kept = [v for v in {walked} if v]",
    "total += 0.2 * (lambda *a: a[0])(*{walked})",
    "it = iter({walked})\ntotal += next(it)\ntotal *= 1.1",
    "total += 0.1 * len(' '.join(map(str, {walked})))", "total += sum(v * {x} for v in {walked})",
    "total += list(itertools.islice({walked}, 2))[-1]", "total += reduce(max, {walked})",
    "for v in reversed(list({walked})): total += 0.3 * v", "total += 0.3 in {walked}",
    "kept = dict(zip({walked}, (1, 2)))", "total += next(iter({walked}), {x})",
]
ASKS = [
    "total += len(gauge)", "if gauge: total *= {x}", "total += gauge[0]", "total += gauge[1] * {x}",
    "total += 1 in gauge", "total += {x} if gauge else {y}", "total += bool(gauge)",
    "total += len(str(gauge))", "total += len(repr(gauge))", "total += len(format(gauge, 'ab'))",
    "total += [0.2, {x}][gauge]", "total += len(range(gauge))", "total += float(gauge)",
    "total += math.sin(gauge)", "kept = {{gauge: {x}}}\ntotal += kept[gauge]", "total += -gauge",
    "total += hash(gauge) * {x}", "total += gauge == 1", "total += gauge != {x}",
    "total += gauge < 1", "total += 0.1 * (gauge + {x})", "total += gauge({x})", "total += gauge()",
    "total += gauge.level", "total += gauge.missing * {x}", "total += getattr(gauge, 'level')",
    "total += hasattr(gauge, 'missing')", "total += gauge in [gauge]", "total += not gauge",
    "total += [gauge].index(gauge)", "total += len([0.1] * gauge)", "assert gauge",
    "total += min([gauge, gauge], key=float) is gauge", "total += gauge and {x}",
    "total += (gauge or {x}) is gauge", "total += sum(m[:gauge])", "total += {x} ** gauge.level",
    "while gauge:\n    total += {x}\n    break", "total += len(set([gauge]))",
    "total += len({{gauge}})", "total += round(gauge.level)", "total += max(gauge[0], {x})",
    "total += isinstance(gauge, Gauge)", "total += gauge is None", "total += len('a' * gauge)",
]
TEXTS = [
    "said = f'{{scale(m, {x})}}'", "said = f'{{gauge}}'\ntotal += len(said)",
    "said = f'{{gauge!r}}'",
    "said = f'{{gauge:abc}}'\ntotal += len(said)", "said = f'{{[gauge]}}'", "said = '%s' % gauge",
    "said = '%s %r' % (gauge, gauge)", "said = '{{}} {{!r}}'.format(gauge, gauge)",
    "said = f'{{scale(m, {x}):.2f}} {{scale(m, 0.9)}}'\ntotal += 0.1 * len(said)",
    "said = f'{{(w := {x} * 0.5)}} {{w}}'\ntotal += w", "total += float(f'{{scale(m, 0.5):.1f}}')",
    "said = f'{{gauge[0]}} {{gauge.level}} {{-gauge}}'",
    "said = [f'{{scale(m, v)}}' for v in ({x}, 0.8)]",
    "said = ' '.join(str(scale(m, v)) for v in ({x}, 0.9))",
    "look = lambda: f'{{scale(m, {x})}}'\nlook()",
    "said = f'{{total:{{scale(m, 5)}}.{{int(scale(m, 1))}}f}}'\ntotal += 0.1 * len(said)",
    "said = f'{{m.sum()}} {{scale(m, {x})}} {{m[1]}}'", "said = str([gauge, {x}])",
    "if f'{{scale(m, 0.5)}}' == '0.5': total *= {x}",
    "said = {{f'{{scale(m, 0.5)}}': {x}}}\ntotal += said['0.5']",
    "kept = [{x}]\nt = f'{{kept.append({y})}} {{kept.pop(0)}}'\ntotal += kept[0]",
    "said = f'{{gauge() if gauge else gauge[1]}}'", "said = f'{{sum(Steps(m))}}'",
    "said = f'{{total if scale(m, {x}) > 0 else gauge}}'", "said = f'{{[*Rounds(m)]}}'",
    "said = f'{{np.multiply(m, 0.9, out=m)}}'", "said = f'{{m.fill({x})}}'",
    "said = repr(gauge) + str(total)",
]
BETWEEN = ["m[0] = {x}", "m *= 0.9", "total += 0.3 * m[1]", "total = total * m[0] + m[2]",
           "m = m * {x}\ngauge = Gauge(m, 0.9)", "total += np.sum(m * m) * {x}", "gauge.k = 0.7",
           "m[1:] += {y}", "gauge.m = m", "w = total * 0.5\ntotal += w * m[1]"]
BEGIN = ["m = np.array([0.5, 0.7, 0.4])", "m = np.array([0.5, 0.7, 0.4])", "m = np.ones(3)",
         "m = np.array([0.5, {x}, 0.4])"]


def maker(d: Draft) -> list[str]:
    """The classes, once in a program."""
    if "GAUGE" in d.constants:
        return []
    d.constants["GAUGE"] = ("gauge", ())
    return TEXT


def form(d: Draft, scope: Scope) -> Made:
    """What is asked, walked over and printed, in turns with what reads and writes."""
    if "GAUGE" not in d.constants or scope.depth >= DEPTH or d.budget[0] < 0 or not scope.numpy:
        return None
    name = fresh(d, scope)
    lines = [several(d, scope, BEGIN, 1)[0], "gauge, walk, total = Gauge(m), Others(m), 0.3"]
    for _ in range(d.rng.randint(1, 5)):
        forms = d.rng.choice([WALKS, ASKS, TEXTS, BETWEEN])
        walked = d.rng.choice(WALKED)
        some = several(d, scope, [s.replace("{walked}", walked) for s in [d.rng.choice(forms)]], 1)
        if d.rng.random() < 0.15:
            some = ["for turn in range(2):", *("    " + line for line in some)]
        lines += some
    bind(scope, name, REAL)
    return [*lines, f"{name} = math.sin(total) + 0.3 * math.sin(np.sum(m * m))"], True


ROWS = [Row("methods that nobody calls", 1.5, form)]
MAKERS = [Row("classes whose methods nobody calls", 0.7, maker)]
