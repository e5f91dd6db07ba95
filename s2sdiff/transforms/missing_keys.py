"""`d.setdefault(k, v)` as what it does: `if k not in d: d[k] = v`, and `d[k]`.

All that is known of plain dicts then holds of what is in there.  Only of dicts, under keys of which
is known that they are texts, whole numbers or tuples of such: of others asking runs what users
write, and that would be once more.
"""

from __future__ import annotations

import operator

from s2sdiff import ir, ops, registry
from s2sdiff.ir import Bind, Block, Const, Function, If, Ref, Stmt, Store, Var, replace
from s2sdiff.kinds_in_common import as_key
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds_of_atoms import kind_of_atom

__all__ = ["written"]


def written(function: Function, context: Context) -> Function:
    """The function with such calls written out; itself where there are none."""
    found = [s for s in ir.statements(function) if _puts(s, context)]
    if not found:
        return function
    given = {s.args[3].name for s in found if isinstance(s, Bind) and isinstance(s.args[3], Var)}
    read = [n for s in ir.statements(function) for n in ir.reads(s) if n in given]
    own = {s.targets[0]: s for s in ir.statements(function) if isinstance(s, Bind)
           and s.targets and s.targets[0] in given and _is_empty(s)
           and read.count(s.targets[0]) == 1}
    return replace(function, body=_block(function.body, own, context))


def _puts(s: Stmt, context: Context) -> bool:
    if not isinstance(s, Bind) or not s.calls(ops.method) or len(s.args) != 4 or s.kwargs or \
            s.args[1] != Const("setdefault") or any(isinstance(a, ir.Star) for a in s.args):
        return False
    return kind_of_atom(s.args[0], context).type is dict and \
        as_key([kind_of_atom(s.args[2], context)]) is not None


def _is_empty(s: Bind) -> bool:
    return (s.calls(ops.list_) or s.calls(ops.dict_)) and not s.args and not s.kwargs


def _block(block: Block, own: dict[str, Bind], context: Context) -> Block:
    """A block of the function; what is empty, and read by one such call, is made where it is put.
    """
    here: dict[str, Bind] = {}
    out: list[Stmt] = []
    for s in block:
        inner = ir.blocks(s)
        if inner:
            s = ir.with_blocks(s, tuple([_block(b, own, context) for b in inner]))
        if isinstance(s, Bind) and s.targets and own.get(s.targets[0]) is s:
            here[s.targets[0]] = s
        if not isinstance(s, Bind) or not _puts(s, context):
            out.append(s)
            continue
        holder, _, key, value = ir.plain_args(s)
        missing, put = context.names("missing_1"), list[Stmt]()
        if isinstance(value, Var) and value.name in here:
            made = here[value.name]
            out.remove(made)
            put.append(made)
        put.append(Store(operator.setitem, holder, key, value, "item", s.loc))
        out += [Bind((missing,), Ref(ops.not_contains), (key, holder), (), s.loc),
                If(Var(missing), tuple(put), (), s.loc)]
        if s.targets:
            context.rules[id(operator.getitem)] = operator.getitem, registry.find(operator.getitem)
            out.append(replace(s, fn=Ref(operator.getitem), args=(holder, key)))
    return tuple(out)
