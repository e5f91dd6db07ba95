"""Nodes that lead to nodes, lists that are queues, dicts of pairs, and walks that only look."""

from __future__ import annotations

from tests.fuzz.draft import Row
from tests.fuzz.drawn import rounds

__all__ = ["PREAMBLE", "ROWS"]

PREAMBLE = '''
class Node:
    def __init__(self, size, left=None, right=None):
        self.size, self.left, self.right = size, left, right
class Bundle:
    def __init__(self, *parts):
        self.parts = list(parts)
    def __iter__(self):
        return iter(self.parts)
def planted(node, size):
    if node is None:
        return Node(size)
    if size < node.size:
        node.left = planted(node.left, size)
    else:
        node.right = planted(node.right, size)
    return node
def weighed(node):
    if node is None:
        return 0.0
    return 0.5 * node.size + 0.3 * weighed(node.left) + 0.2 * weighed(node.right)
def worked_out(tree, k):
    if isinstance(tree, str):
        return k
    if isinstance(tree, float):
        return tree
    if tree[0] == "+":
        return worked_out(tree[1], k) + 0.5 * worked_out(tree[2], k)
    return 0.4 * worked_out(tree[1], k) * worked_out(tree[2], k)
'''.strip("\n").split("\n")
BEGIN = [("head = root = None\nqueue = [{x}, 0.5 * {y}, 0.3]\nbundle = Bundle({x}, {y})\n"
          "titles = dict(zip(['a', 'b', 'c'], [{x}, 0.4, {y}]))\ns = {y}\ntree = 'x'"),
         ("head = Node({x}, Node(0.4))\nroot = Node({y})\nqueue = [0.4 * {y}] * 3\n"
          "bundle = Bundle(Node({x}), Node({y}))\ntitles = dict(zip('abc', (0.2, {y}, {x})))\n"
          "s = 0.3\ntree = ('+', 'x', ('*', 'x', 0.7))"),
         ("head = None\nfor part in ({x}, 0.5 * {y}, 0.2):\n    head = Node(part, head)\n"
          "root = planted(planted(None, {x}), {y})\nqueue = list(range(1, 4))\n"
          "queue = [0.2 * {x} * k for k in queue]\nbundle = Bundle()\n"
          "titles = dict(zip(('a', 'b', 'c', 'a'), [{y}, {y}, 0.1, {x}]))\ns = {x}\ntree = 0.6")]
#: What happens in a round, of which `turn` is the number.
STEPS = [
    "head = Node(0.5 * s + {x}, head)", "if head is not None:\n    head = head.left",
    "if head is not None and head.left is not None:\n    head.left.size *= 0.6",
    "node = head\nwhile node is not None:\n    s = 0.6 * s + 0.1 * node.size\n    node = node.left",
    ("node = head\nwhile node is not None and node.left is not None:\n    node = node.left\n"
     "if node is not None:\n    node.left = Node(0.3 * s)"),
    ("back, node = None, head\nwhile node is not None:\n    after = node.left\n"
     "    node.left, back, node = back, node, after\nhead = back"),
    "root = planted(root, 0.2 * s + 0.1 * turn)", "s = 0.5 * s + 0.3 * weighed(root)",
    "if root is not None:\n    root.size = 0.7 * root.size + 0.1 * {y}",
    "s += 0.2 * queue.pop(0)\nqueue.append(0.5 * s)", "queue.insert(0, 0.3 * s)",
    "if len(queue) > 2:\n    queue.pop(0)", "queue[0] = 0.4 * queue[-1] + {x}",
    "queue.append(queue.pop(0))", "s += 0.1 * sum(queue) / len(queue)",
    "titles['a'] = 0.5 * titles['b'] + 0.1 * s", "s += 0.2 * titles['abc'[turn % 3]]",
    "titles = dict(zip(titles, (0.5 * s, 0.3, {x})))", "s += 0.1 * sum(titles.values())",
    "count = 0\nfor part in bundle:\n    count += 1\ns += 0.1 * count",
    "for part in bundle:\n    print(type(part).__name__)",
    "bundle = Bundle(*queue[:2])", "bundle = Bundle(Node(s), Node(0.4 * s))",
    "for part in bundle:\n    if isinstance(part, Node):\n        part.size *= 0.8",
    "for part in bundle:\n    s += 0.1 * (part.size if isinstance(part, Node) else part)",
    ("it = iter([{x}, s, 0.4])\nfirst, second = next(it), next(it)\n"
     "s = 0.5 * first * s + 0.2 * second * next(it)"),
    "it = iter(bundle.parts)\npart = next(it, None)\nnext(it, None)\ns += 0.1 * (part is None)",
    "it = reversed((0.3, {x}, {y}))\ns = 0.6 * s * next(it)\nnext(it)",
    "s += 0.3 * worked_out(tree, s)", "tree = ('*', tree, 'x') if turn % 2 else ('+', 0.3, tree)",
]
ENDS = ["s", "weighed(root)", "weighed(head) + s", "sum(queue)", "queue[0] * s",
        "titles['a'] * titles['c']", "worked_out(tree, s)", "(s if head is None else head.size)"]


ROWS = [Row("nodes, queues and dicts of pairs", 6, rounds(BEGIN, STEPS, ENDS, 7))]
