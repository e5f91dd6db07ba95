"""SciPy's solvers, given functions that capture what is bound and written around them."""

from __future__ import annotations

from tests.fuzz.draft import Row
from tests.fuzz.drawn import rounds

__all__ = ["PREAMBLE", "ROWS"]

PREAMBLE = '''
from types import SimpleNamespace
from scipy.integrate import quad, solve_ivp
from scipy.optimize import brentq, fsolve, minimize, newton, root
class Rising:
    def __init__(self, k):
        self.k = k
        self.own = lambda t: t + 0.1 * k
    def __call__(self, t):
        return self.slope * t - 0.3 * self.k
    def of(self, t, up=0.2):
        return math.tanh(self.k * t) + t + up
    @property
    def slope(self):
        return 1.0 + self.k * self.k
def rising(k, by=1.0):
    def law(t):
        return (1.0 + k * k) * t + 0.2 * by
    return law
def led_to(law):
    return lambda t: law(t) + 0.1 * t
def zero(law, share=0.5):
    return brentq(lambda t: t ** 3 + t + law(t) - share, -9.0, 9.0, xtol=1e-14)
class Model:
    def __init__(self, law, k):
        self.law, self.k = law, k
    def rates(self, t, z):
        return [z[1] - 0.2 * self.law(z[0]), -self.k * z[0]]
    def residual(self, z):
        return [z[0] + self.law(z[0]) - self.k, z[1] + 0.1 * z[1] ** 3 - z[0]]
    def cost(self, z, shift=0.0):
        return 0.25 * np.sum(z ** 4) + 0.5 * np.sum((z - self.k - shift) ** 2)
    def slope(self, z, shift=0.0):
        return z ** 3 + z - self.k - shift
def final(rates, start, until=0.5):
    return solve_ivp(rates, (0.0, until), start, rtol=1e-10, atol=1e-12).y[:, -1]
'''.strip("\n").split("\n")
BEGIN = [("law = rising({x})\nlaws = {{'a': law, 'b': Rising({y})}}\nns = SimpleNamespace("
          "law=law, k={y})\nmodel = Model(law, {y})\ns = {x}"),
         ("law = Rising({x})\nlaws = {{'a': law.of, 'b': rising({x}, {y})}}\nns = SimpleNamespace("
          "law=rising({y}), k=0.4)\nmodel = Model(laws['b'], {x})\ns = 0.3"),
         ("law = partial(Rising({y}).of, up={x})\nlaws = {{'a': law, 'b': led_to(law)}}\n"
          "ns = SimpleNamespace(law=laws['b'], k={x})\nmodel = Model(ns.law, 0.6)\ns = {y}")]
#: What happens in a round, of which `turn` is the number.
STEPS = [
    "s = 0.5 * s + 0.3 * zero(law, s)", "s += 0.2 * zero(laws['b'])",
    "s = 0.4 * s + 0.2 * brentq(lambda t: t + law(t) - s, -9.0, 9.0, xtol=1e-14)",
    "s += 0.1 * zero(lambda t: laws['ab'[turn % 2]](t) - {x})",
    "s = 0.5 * s + 0.1 * newton(lambda t: 2.0 * t + ns.law(t) - ns.k, s, tol=1e-13)",
    ("s += 0.1 * fsolve(lambda at: [at[0] + law(at[0]) - {y}, at[1] - s * at[0]], [0.1, 0.2], "
    "xtol=1e-13)[turn % 2]"),
    "s = 0.6 * s + 0.1 * quad(lambda t: math.sin(s * t) * ns.k, 0.0, 1.0)[0]",
    "s += 0.1 * quad(law, {x}, 1.0)[0]",
    "law = led_to(law)", "law = rising(s)", "law = Rising(0.5 * s)", "laws['a'] = law",
    "laws['b'] = lambda t: (1.0 + s * s) * t", "ns.law = laws['a']", "ns.k = 0.5 * s",
    "laws = {{'a': laws['b'], 'b': laws['a']}}", "ns.law = Rising({y}).own",
    "def law(t, k=s):\n    return t + 0.3 * k",
    "s = 0.5 * s + 0.2 * brentq(lambda u: u - 0.3 * zero(law, u), -9.0, 9.0, xtol=1e-13)",
    "for k in ({x}, s):\n    s = 0.5 * s + 0.2 * zero(lambda t: t * (1.0 + k * k))",
    "try:\n    s += 0.1 * brentq(lambda t: t * t + 1.0, 0.0, s)\nexcept ValueError:\n    s *= 0.7",
    "model = Model(law, {x})", "model.k = 0.5 * s", "model.law = laws['b']", "law = model.law",
    "s = 0.5 * s + 0.2 * final(model.rates, [{y}, s])[turn % 2]",
    "s = 0.4 * s + 0.2 * final(lambda t, at: [-0.3 * laws['a'](at[0]) + s], [{x}])[0]",
    "s += 0.1 * final(lambda t, at: -at * s + ns.k, np.array([s, {y}]), 0.2 + 0.1 * turn)[1]",
    "s += 0.2 * root(model.residual, [0.1, 0.2], tol=1e-13).x[turn % 2]",
    "s = 0.5 * s + 0.1 * root(lambda at: at + law(at[0]) - {y}, np.array([s]), tol=1e-13).x[0]",
    ("s = 0.5 * s + 0.2 * minimize(model.cost, [0.1, 0.3], jac=model.slope, tol=1e-12, "
     "args=(s,)).x[turn % 2]"),
    ("s += 0.1 * minimize(lambda z: 0.5 * np.sum((z - s) ** 2) + ns.k * np.sum(z), np.zeros(2), "
     "jac=lambda z: z - s + ns.k, tol=1e-12).x[0]"),
]
ENDS = ["s", "zero(law)", "zero(laws['a'], s)", "ns.k * s", "model.k * s",
        "final(model.rates, [s, 0.2])[0]"]


ROWS = [Row("solvers of functions that capture", 6, rounds(BEGIN, STEPS, ENDS, 4, times=3))]
