"""Random deques, sets and dicts of the collections module, held twice, written, walked and read."""

from __future__ import annotations

from tests.fuzz import scalars
from tests.fuzz.draft import DEPTH, REAL, Draft, Row, Scope, bind, fresh, indent

__all__ = ["PREAMBLE", "ROWS"]

Made = tuple[list[str], bool] | None

PREAMBLE = '''
from collections import OrderedDict, defaultdict, deque


class Spot:
    def __init__(self, x):
        self.x = x


class Queue(deque):
    def push(self, x):
        self.append(0.5 * x + 0.1 * self[0])
'''.splitlines()

#: What is done to a deque `store` of floats, to one of lists of which `row` is one, and so on: {x}
#: and {y} are floats, `also` is another name for the store, and every size has a bound.
DEQUES = [
    "store.append({x})", "store.appendleft({x} * store[-1])", "store.rotate(1)", "store.rotate(-2)",
    "store.reverse()", "store.extend([{x}, {y}])", "store.extendleft(({x}, {y}))",
    "store.append(store.popleft() * {x})", "store[0] = {x} * store[-1]", "store[1] += {x}",
    "store += [{x}]", "store.extend(store)", "store.appendleft(store.pop())", "also.append({x})",
    "also[-1] = {y} * store[0]", "del store[0]\nstore.append({x})",
    "store.remove(store[1])\nstore.append({y})",
    "second = store.copy()\nsecond[0] = {x}\nstore[1] = second[0] + second[1]",
    "store.clear()\nstore.extend([{x}, {y}, 0.5])",
    "second = copy.copy(store)\nsecond.rotate(1)\nstore.append(second[0] * {x})", "store.push({x})",
    "for place, each in enumerate(store): store[place] = 0.5 * each + 0.1 * {x}",
    "for each in list(store): store.append(math.sin(each * {x}))",
    "store.extend([0.5 * one for one in store])",
    "second = deque(store, 2)\nstore.append(second[0] - second[-1])",
    "store = also = store + store if len(store) < 9 else store", "store.insert(1, store.pop())",
    "store.append(sorted(store)[0] * {x})",
    "first, *rest = store\nstore[0] = first * {y} + sum(rest) * 0.1",
]
ROWS_OF = [
    "store.rotate(1)", "row[0] = {x} * row[1]", "store[0][1] = {x}", "store.append(row)",
    "store.append([{x}, {y}])", "row = store[1]",
    "row = store.popleft()\nstore.append([{x}, row[0]])", "store.reverse()",
    "for each in store: each[0] = 0.5 * each[0] + 0.2 * {x}", "also[-1][0] = {y} * row[1]",
    "store.extend(store.copy())", "row, store[0] = store[0], [{x}, {y}]",
    "store[0], store[1] = store[1], store[0]",
    "for one, two in zip(store, also): one[1] = 0.3 * two[0] + {x}",
    "store.appendleft(max(store, key=sum))",
    "for each in reversed(store): each[1] = 0.5 * each[0] + {y}", "row = min(store)\nrow[0] *= {x}",
    "store.extend([list(each) for each in store])",
    "store.extend(sorted(store, key=sum)[:1])\nstore[-1][1] = {x}",
    "second = copy.deepcopy(store)\nsecond[0][0] = {x}\nstore.append(second[0])",
    "row = list(store)[-1]\nrow[1] += {y}",
]
DICTS = [
    "store['p'].append({x})", "row = store['q']\nrow[0] = {y}", "store['s'].append({x})",
    "store['r'] = row", "for key, each in store.items(): each[0] = 0.5 * each[0] + 0.2 * {x}",
    "row.append({y} * row[0])",
    "for key, each in list(store.items()): store[key] = [math.sin(one) for one in each]",
    "for key in list(store): store[key] = [0.4 * one for one in also[key]]",
    "store.update(q=[{x}, {y}])", "store.setdefault('t', [{x}])[0] *= 0.5",
    "row = store.setdefault('p', [{y}])", "store |= {{'r': row}}",
    "row = store.pop('q')\nstore['q'] = [{x}, *row]",
    "second = dict(store)\nsecond['p'] = [{x}]\nsecond['q'].append({y})",
    "second = {{**store, 'p': row}}\nsecond['p'][0] = {x}",
    "key, last = store.popitem()\nstore[key] = [last[0] * {x}]",
    "for each in store.values(): each[-1] = 0.6 * each[-1] - 0.1 * {y}",
    "row = max(store.values())", "second = store.copy()\nsecond['q'][0] = {x}\nsecond['p'] = [0.5]",
]
ORDERED = [
    "store.move_to_end('p')", "store.move_to_end('q', last=False)",
    "key, last = store.popitem(last=False)\nstore[key] = last",
]
SETS = [
    "store.add({x} * {y})", "store.add(0.5)", "store.discard(0.5)", "store |= {{{x}, 0.25}}",
    "store.update([{x}, {y}])", "store = also = store | {{0.3 * {x}}}",
    "store.add(0.3 * max(store))", "store.remove(min(store))\nstore.add({y} + 3.0)",
    "second = store.copy()\nsecond.add({x} * 0.2)\nstore = second",
    "store -= {{{y}}}\nstore.add(0.7)", "store.add(math.sin(sum(store)))",
    "for each in sorted(store): store.add(0.1 * each)", "also.add({x} - 2.0)",
    "store &= {{*store, 0.1}}", "store = {{0.5 * each for each in store}}",
    "store ^= {{{x} + 7.0}}", "second = set(sorted(store)[:2])\nstore |= second",
]
OBJECTS = [
    "spot.x = {x} * spot.x", "for each in store: each.x = 0.5 * each.x + 0.1 * {x}",
    "store.add(spot)", "other.x += {y} * spot.x",
    "store.discard(other)\nother.x = {x}\nstore.add(other)", "also.add(other)",
    "spot = max(store, key=lambda each: each.x)",
    "second = store.copy()\nfor each in second: each.x *= 0.7", "spot, other = other, spot",
    "store |= {{spot}}", "other.x = sum([each.x for each in store]) * {y}",
]

#: How a holder begins, what is done to it, and what is read of it at the end.
KINDS = {
    "deques": ("store = also = {deque}([{x}, {y}, 0.4], maxlen={most})", DEQUES,
               "math.sin(store[0] + 0.7 * store[-1]) + 0.1 * sum(also)"),
    "deques of lists": ("row = [{x}, {y}]\nstore = also = deque([row, [0.4, {x}], row], {most})",
                        ROWS_OF,
                        "math.sin(row[0] + sum([sum(each) for each in store]) * 0.2) + also[0][1]"),
    "default dicts": ("row = [{x}]\nstore = also = defaultdict(lambda: [{y}], p=row, q=[0.3, {x}])",
                      DICTS,
                      "math.sin(sum([sum(each) for each in store.values()])) + also['p'][-1]"),
    "ordered dicts": ("row = [{x}]\nstore = also = OrderedDict(p=row, q=[{x}, {y}], s=[0.3])",
                      [*DICTS, *ORDERED],
                      "math.sin(sum(each[0] for each in list(store.values())[1:])) + row[-1]"),
    "sets": ("store = also = {{{x}, {y} + 4.0, 9.5}}", SETS,
             "math.sin(sum(sorted(store))) + 0.1 * max(also)"),
    "sets of objects": ("spot, other = Spot({x}), Spot({y})\nstore = also = {{spot, other}}",
                        OBJECTS,
                        "math.sin(spot.x + 0.5 * other.x) + 0.2 * max(each.x for each in also)"),
}


def maker(kind: str) -> object:
    """What makes such a holder, does several things to it, and reads it."""
    begin, steps, read = KINDS[kind]

    def make(d: Draft, scope: Scope) -> Made:
        if scope.depth >= DEPTH or d.budget[0] < 0:
            return None
        name = fresh(d, scope)
        many = [d.rng.choice(steps) for _ in range(d.rng.randint(2, 6))]
        pushed = any("push" in form for form in many)
        queue = "Queue" if pushed else "deque"

        def text(form: str) -> list[str]:
            x, y = (scalars.scalar(d, scope, 1, 1.0).text for _ in range(2))
            return form.format(x=x, y=y, deque=queue, most=d.rng.randint(3, 5)).split("\n")

        lines = text(begin)
        for form in many:
            made, way = text(form), d.rng.random()
            if way < 0.2 and "rest" not in form:
                made = [f"if {d.rng.choice(['0.3', '0.7'])} < {scalars.leaf(d, scope).text}:",
                        *indent(made)]
            elif way < 0.35:
                made = ["for _ in range(2):", *indent(made)]
            lines += made
        bind(scope, name, REAL)
        return [*lines, f"{name} = {text(read)[0]}"], True

    return make


ROWS = [Row(f"{kind} written", 1, maker(kind)) for kind in KINDS]
