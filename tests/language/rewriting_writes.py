"""Writes, reads of attributes, calls and displays in other words."""

from __future__ import annotations

import ast
import copy
from typing import Any

from tests.language.other_words import OPERATORS, has
from tests.language.words import Words, written_as

__all__ = ["KINDS", "Writes"]

KINDS = ("written", "added", "fields", "getters", "passed", "displays")

_ARRAY = ("if isinstance(A, z_np.ndarray) and isinstance(I, (int, slice)):\n    {}\n"
          "else:\n    A[I] = V")
#: `A[I] = V`
WRITTEN = (
    "z_put(A, I, V)", "z_copyto(A, I, V)", "z_flat(A, I, V)", "z_masked(A, I, V)",
    "z_turned(A, I, V)", "for z_a in (A,):\n    z_a[I] = V", "z_a = {'k': A}\nz_a['k'][I] = V",
    "z_a, z_b = A, V\nz_a[I] = z_b", "[A][0].__setitem__(I, V)", "z_Box(A).take()[I] = V",
    "z_operator.setitem(A, I, V)", "def z_a(p, v):\n    p[I] = v\nz_a(A, V)",
    "z_Writer(A)[I] = V", "(A[I],) = (V,)", "A[I], z_a = V, None", "for A[I] in [V]:\n    pass",
    "with z_contextlib.nullcontext(V) as A[I]:\n    pass",
    *[_ARRAY.format(t) for t in (
        "z_np.copyto(A[I, ...], V)", "A[I, ...][...] = V", "A[I, ...] = V",
        "z_np.add(V, 0.0, out=A[I, ...])", "z_np.multiply(1.0, V, out=A[I, ...], casting='unsafe')",
        "A.view()[I] = V", "z_np.asarray(A)[I] = V", "z_a = A[:]\n    z_a[I] = V",
        "A.T[..., I] = z_np.transpose(V)", "z_np.positive(V, A[I, ...])",
        "if z_np.ndim(V) == 0:\n        A[I, ...].fill(V)\n    else:\n        A[I] = V",
        "z_a = A.reshape(A.shape)\n    z_a[I] = V")],
)
#: `A[I] += V`, with the operator's names
ADDED = (
    "z_a = A\nz_a[I] = z_operator.NAME(z_a[I], V)", "z_iadd(A, I, z_operator.NAME, V)",
    *[_ARRAY.replace("A[I] = V", "A[I] = z_operator.iNAME(A[I], V)").format(t) for t in (
        "z_np.UFUNC(A[I, ...], V, out=A[I, ...])", "z_np.UFUNC.at(A, I, V)",
        "A[I, ...].__iNAME__(V)", "z_operator.iNAME(A[I, ...], V)",
        "z_a = A[I, ...]\n    z_np.UFUNC(z_a, V, z_a)")],
)
#: `X += V`
ADDED_TO_NAME = tuple(
    f"if isinstance(X, z_np.ndarray):\n    {text}\nelse:\n    X = z_operator.iNAME(X, V)"
    for text in ("z_np.UFUNC(X, V, out=X)", "X[...] = z_np.UFUNC(X, V)", "X.__iNAME__(V)",
                 "z_a = X\n    z_operator.iNAME(z_a, V)", "z_np.UFUNC(X, V, X)",
                 "z_np.UFUNC.at(X, ..., V)"))
#: `O.FIELD = V`
FIELDS = (
    "setattr(O, 'FIELD', V)", "vars(O)['FIELD'] = V", "O.__dict__['FIELD'] = V",
    "O.__dict__.update(FIELD=V)", "vars(O).update({'FIELD': V})",
    "object.__setattr__(O, 'FIELD', V)", "type(O).__setattr__(O, 'FIELD', V)",
    "O.__setattr__('FIELD', V)", "for O.FIELD in [V]:\n    pass", "z_set(O, FIELD=V)",
)
#: `O.FIELD`
READ = (
    "getattr(O, 'FIELD')", "z_operator.attrgetter('FIELD')(O)", "getattr(O, 'FIELD', None)",
    "vars(O)['FIELD']", "next(z_o.FIELD for z_o in [O])", "z_read(O, 'FIELD')",
)
#: `O.FIELD(*ARGS)`
CALLED = (
    "z_operator.methodcaller('FIELD', ARGS)(O)", "type(O).FIELD(O, ARGS)",
    "getattr(O, 'FIELD')(ARGS)", "z_functools.partial(O.FIELD)(ARGS)", "(O.FIELD)(*[ARGS])",
    "z_operator.attrgetter('FIELD')(O)(ARGS)", "O.FIELD.__call__(ARGS)",
    "z_functools.partial(type(O).FIELD, O)(ARGS)", "[z_o.FIELD for z_o in [O]][0](ARGS)",
)
#: `F(*ARGS)`
PASSED = (
    "z_functools.partial(F, ARGS)()", "F(*(ARGS,))", "(lambda *z_p, **z_q: F(*z_p, **z_q))(ARGS)",
    "z_Called(F)(ARGS)", "{'f': F}['f'](ARGS)", "F(*[ARGS][:1], *[ARGS][1:])",
    "z_held(F)(ARGS)", "z_call(F, *iter([ARGS]))", "next(z_itertools.starmap(F, [(ARGS,)]))",
    "(lambda z_f: z_f(ARGS))(F)", "z_apply(F, [ARGS], {})", "(F if z_true else None)(ARGS)",
)


class Writes(Words):
    def visit_Assign(self, node: ast.Assign) -> Any:
        self.generic_visit(node)
        if len(node.targets) > 1:
            return node
        target, value = node.targets[0], node.value
        if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name) and \
                self.asked("written", 3.0):
            given = self.parts(target, value)
            return given[0] + written_as(self.rng.choice(WRITTEN), self.name, **given[1])
        if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and \
                not target.attr.startswith("__") and self.asked("fields", 3.0):
            text = self.rng.choice(FIELDS).replace("FIELD", target.attr)
            return written_as(text, self.name, O=ast.Name(target.value.id, ast.Load()), V=value)
        return node

    def parts(self, target: Any, value: Any) -> tuple[list[Any], dict[str, Any]]:
        """Statements that name index and value where they are no names, and what is given."""
        before, index = [], copy.deepcopy(target.slice)
        if isinstance(index, ast.Slice):
            index = ast.Call(ast.Name("slice", ast.Load()), [
                x or ast.Constant(None) for x in (index.lower, index.upper, index.step)], [])
        elif has(index, ast.Slice):
            index = ast.parse("z_np.index_exp[0]", mode="eval").body
            index.slice = copy.deepcopy(target.slice)  # type: ignore[attr-defined]
        given = {"A": ast.Name(target.value.id, ast.Load()), "I": index, "V": value}
        for key in ("V", "I"):
            if not isinstance(given[key], (ast.Name, ast.Constant)):
                name = self.name()
                before.append(ast.Assign([ast.Name(name, ast.Store())], given[key]))
                given[key] = ast.Name(name, ast.Load())
        return before, given

    def visit_AugAssign(self, node: ast.AugAssign) -> Any:
        self.generic_visit(node)
        word, target = OPERATORS.get(type(node.op)), node.target
        if word in (None, "matmul"):
            return node
        ufunc = {"sub": "subtract", "mul": "multiply", "truediv": "true_divide", "pow": "power",
                 "floordiv": "floor_divide"}.get(word, word)

        def filled(text: str) -> str:
            return text.replace("NAME", word).replace("UFUNC", ufunc)

        if isinstance(target, ast.Name) and self.asked("added", 3.0):
            return written_as(filled(self.rng.choice(ADDED_TO_NAME)), self.name, X=target,
                              V=node.value)
        if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name) and \
                self.asked("added", 3.0):
            before, given = self.parts(target, node.value)
            return before + written_as(filled(self.rng.choice(ADDED)), self.name, **given)
        return node

    def expression(self, text: str, **given: Any) -> Any:
        return written_as(text, self.name, **given)[0].value  # type: ignore[attr-defined]

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        self.generic_visit(node)
        if not isinstance(node.ctx, ast.Load) or node.attr.startswith("__") or not isinstance(
                node.value, ast.Name) or node.value.id not in self.local or \
                not self.asked("getters", 1.5):
            return node
        text = self.rng.choice(READ).replace("FIELD", node.attr)
        return self.expression(text, O=node.value)

    def visit_Call(self, node: ast.Call) -> Any:
        function = node.func
        method = isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and \
            function.value.id in self.local and not function.attr.startswith("__")
        if method and self.asked("getters", 2.0):
            self.generic_visit_arguments(node)
            text = self.rng.choice(CALLED).replace("FIELD", function.attr)  # type: ignore[attr-defined]
            return self.called(text, node, O=function.value)  # type: ignore[attr-defined]
        if method:
            self.generic_visit_arguments(node)
        else:
            self.generic_visit(node)
        special = isinstance(function, ast.Name) and function.id in (
            "isinstance", "iter", "next", "print", "len", "slice")
        if special or not self.asked("passed", 1.0):
            return node
        return self.called(self.rng.choice(PASSED), node, F=function)

    def generic_visit_arguments(self, node: ast.Call) -> None:
        node.args = [self.visit(a) for a in node.args]
        for k in node.keywords:
            k.value = self.visit(k.value)

    def called(self, text: str, node: ast.Call, **given: Any) -> Any:
        """The text with a call's arguments as ARGS."""
        if any(isinstance(a, (ast.Starred, ast.GeneratorExp)) for a in node.args) or \
                any(k.arg is None for k in node.keywords) or not node.args:
            return node
        if node.keywords and ("[" in text or "(ARGS,)" in text):
            text = "z_functools.partial(F, ARGS)()" if "F" in given else "getattr(O, 'f')(ARGS)" \
                .replace("'f'", repr(node.func.attr))  # type: ignore[attr-defined]
        names = [f"ARG{i}" for i in range(len(node.args))]
        words = names + [f"{k.arg}=KEY{i}" for i, k in enumerate(node.keywords)]
        if node.keywords and self.rng.random() < 0.4:
            words = names + ["**{" + ", ".join(
                f"{k.arg!r}: KEY{i}" for i, k in enumerate(node.keywords)) + "}"]
        given |= dict(zip(names, node.args, strict=True))
        given |= {f"KEY{i}": k.value for i, k in enumerate(node.keywords)}
        return self.expression(text.replace("ARGS", ", ".join(words)), **given)

    # ------------------------------------------------------------------------ displays

    def visit_List(self, node: ast.List) -> Any:
        self.generic_visit(node)
        if not isinstance(node.ctx, ast.Load) or not node.elts or has(
                node.elts, ast.Starred, ast.NamedExpr) or \
                not self.asked("displays", 2.0):
            return node
        shape = self.rng.choice([
            "list((ALL,))", "[*(ALL,)]", "[FIRST] + [REST]", "[*[FIRST], REST]",
            "list(z_each([ALL]))", "[ALL].copy()", "[ALL][:]", "z_listed(ALL)",
            "sorted([ALL], key=lambda z_k: 0)", "list(map(z_same, (ALL,)))",
            "[z_v for z_v in (ALL,)]"])
        names = [f"ITEM{i}" for i in range(len(node.elts))]
        text = shape.replace("ALL", ", ".join(names)).replace("FIRST", names[0]).replace(
            "REST", ", ".join(names[1:]))
        return self.expression(text, **dict(zip(names, node.elts, strict=True)))

    def visit_Dict(self, node: ast.Dict) -> Any:
        self.generic_visit(node)
        if not node.keys or None in node.keys or not self.asked("displays", 4.0):
            return node
        shape = self.rng.choice([
            "dict([PAIRS])", "{**{ALL}}", "dict(zip([KEYS], [VALUES]))", "{ALL} | {}",
            "{z_k: z_v for z_k, z_v in [PAIRS]}", "{ALL}.copy()", "dict({ALL})",
            "dict(zip((KEYS,), z_each([VALUES])))"])
        places = range(len(node.keys))
        text = shape.replace("PAIRS", ", ".join(f"(KEY{i}, VALUE{i})" for i in places)).replace(
            "ALL", ", ".join(f"KEY{i}: VALUE{i}" for i in places)).replace(
            "KEYS", ", ".join(f"KEY{i}" for i in places)).replace(
            "VALUES", ", ".join(f"VALUE{i}" for i in places))
        return self.expression(text, **{f"KEY{i}": k for i, k in enumerate(node.keys)},
                               **{f"VALUE{i}": v for i, v in enumerate(node.values)})
