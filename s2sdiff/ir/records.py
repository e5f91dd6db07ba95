"""Statements and functions of the IR, a small structured language: a computation is a call.

`frontend.lower` writes it, the passes in `transforms` rewrite it and `backend.printer` turns it
back into Python.  Everything is a frozen record; facts about variables live in side tables that
are keyed by name, never on nodes.  `y = np.sin(x) * w` is::

    Bind(('sin_x',), Ref(np.sin, 'np.sin'), (Var('x'),))
    Bind(('y',), Ref(operator.mul), (Var('sin_x'), Var('w')))
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

from s2sdiff.ir.attempts import Catch, Try, With
from s2sdiff.ir.making import quick
from s2sdiff.ir.operands import Arg, Atom, Loc, Pattern, Ref

__all__ = [
    "Bind", "Block", "Def", "Exit", "For", "Function", "If", "Move", "Param", "Raw", "Stmt",
    "Store", "While",
]


@quick
@dataclass(frozen=True, slots=True)
class Bind:
    """`targets = fn(*args, **kwargs)`, the only form that computes.

    No target: an expression statement.  Several targets: the result is unpacked.  A kwarg whose
    name is None is a `**mapping`.
    """

    targets: tuple[str, ...]
    fn: Atom
    args: tuple[Arg, ...]
    kwargs: tuple[tuple[str | None, Atom], ...]
    loc: Loc
    #: What `ir.reads` has found.
    read: list[str] | None = field(init=False, repr=False, compare=False)

    def calls(self, target: Any) -> bool:
        """Whether it is a call of this very object."""
        return type(self.fn) is Ref and self.fn.object is target


@quick
@dataclass(frozen=True, slots=True)
class Store:
    """A write into an object: `a[i] = v` (operator.setitem), `o.f = v` (setattr), `a[i] += v`.

    `fn` is operator.setitem, setattr, operator.delitem, delattr, or an in-place operator such as
    operator.iadd; with an in-place operator `place` says what is updated: "item" (`a[key] op= v`),
    "attribute" (`a.key op= v`) or "name" (`a op= v`, key None).  With `ops.scatter_add` it is
    `np.add.at(a, key, v)`.
    """

    fn: Any
    target: Atom
    key: Atom | None
    value: Atom | None
    place: str
    loc: Loc
    #: What `ir.reads` has found.
    read: list[str] | None = field(init=False, repr=False, compare=False)


@quick
@dataclass(frozen=True, slots=True)
class Move:
    """`targets = sources`, all at once: joins, loop carries, swaps, plain copies of a name."""

    targets: tuple[str, ...]
    sources: tuple[Atom, ...]
    loc: Loc
    #: What `ir.reads` has found.
    read: list[str] | None = field(init=False, repr=False, compare=False)


@quick
@dataclass(frozen=True, slots=True)
class If:
    test: Atom
    then: Block
    orelse: Block
    loc: Loc


@quick
@dataclass(frozen=True, slots=True)
class For:
    """`for target in source`.  `orelse` is gone after `exits`.

    `label` is shared by a loop and the loop that runs it backwards (`reverse` numbers them).
    """

    target: Pattern
    source: Atom
    body: Block
    orelse: Block
    loc: Loc
    label: int | None = None


@quick
@dataclass(frozen=True, slots=True)
class While:
    """`while True: head; if not test: break; body`.  `head` computes `test` in every round.

    After `exits` it is always `While((), Const(True), body, ())`.
    """

    head: Block
    test: Atom
    body: Block
    orelse: Block
    loc: Loc
    label: int | None = None


@quick
@dataclass(frozen=True, slots=True)
class Exit:
    """`kind` is "return", "break", "continue" or "raise"; always last in its block.

    `value` is the atom returned or raised (None: bare), `cause` that of `raise … from`.
    """

    kind: str
    value: Atom | None
    loc: Loc
    cause: Atom | None = None


@quick
@dataclass(frozen=True, slots=True)
class Def:
    """A nested function of generated code: the pullback inside a vjp."""

    name: str
    params: tuple[str, ...]
    body: Block
    loc: Loc
    #: What `ir.captured` has found.
    outside: frozenset[str] | None = field(init=False, repr=False, compare=False)


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Raw:
    """A statement kept verbatim, because `lower` has no case for it.

    `reads` and `writes` pair the names that occur in `node` with the atoms they are now (for
    writes: the variable's current name).  `what` names the construct for messages.  `memory` is
    False where the statement surely writes no existing object (an import, a nested def).
    """

    node: Any
    reads: tuple[tuple[str, Atom], ...]
    writes: tuple[tuple[str, str], ...]
    what: str
    loc: Loc
    memory: bool = True


Stmt: TypeAlias = Bind | Store | Move | If | For | While | Exit | Def | Raw | Try | With | Catch
Block: TypeAlias = tuple[Stmt, ...]

# --------------------------------------------------------------------------------- functions


@quick
@dataclass(frozen=True, slots=True)
class Param:
    """A parameter; `kind` is "posonly", "plain", "star", "kwonly" or "starstar"."""

    name: str
    kind: str = "plain"
    has_default: bool = False


@quick
@dataclass(frozen=True, slots=True)
class Function:
    """A function in IR, with where it came from.

    `origin` is the Python function object, `names` all names that the user's code binds or reads
    (generated names avoid them), `free` those read from outside, `lines` the source text by line
    number, for comments and messages, `bases` the name that a numbered version had before,
    `watched` the variables that hold what handlers see of names, `entered` the paths of outside
    names that managers are made by, `hinted` those of which it played a part what they mean.
    """

    name: str
    params: tuple[Param, ...]
    body: Block
    loc: Loc
    origin: Any = None
    names: frozenset[str] = frozenset()
    free: frozenset[str] = frozenset()
    lines: dict[int, str] = field(default_factory=dict, compare=False)
    bases: dict[str, str] = field(default_factory=dict, compare=False)
    watched: frozenset[str] = frozenset()
    entered: frozenset[tuple[str, ...]] = frozenset()
    hinted: frozenset[tuple[str, ...]] = frozenset()
    #: What `ir.statements` and `ir.called` have found.
    flat: list[Stmt] | None = field(init=False, repr=False, compare=False)
    called: frozenset[int] | None = field(init=False, repr=False, compare=False)
