"""Names of methods that Python runs by itself, or its standard library for it.

Other names between two underscores (`__doc__`, `__signature__`, a library's own) are read by who
asks for them, as any attribute is.
"""

from __future__ import annotations

import types

__all__ = ["RUN_BY_PYTHON"]

_HAVING = (object, type, int, float, complex, str, bytes, list, dict, set, frozenset, tuple, range,
           slice, memoryview, types.FunctionType, types.MethodType, types.GeneratorType,
           types.CoroutineType, types.AsyncGeneratorType, types.ModuleType, property, super,
           BaseException)
_READ = frozenset({
    "__annotations__", "__doc__", "__kwdefaults__", "__defaults__", "__module__", "__name__",
    "__qualname__", "__signature__", "__wrapped__", "__type_params__", "__text_signature__",
    "__closure__", "__code__", "__globals__", "__builtins__", "__notes__", "__weakref__",
    "__getattr__", "__getattribute__"})

#: By the data model of Python, and by `copy`, `pickle`, `math`, `os`, `dataclasses` and `inspect`.
RUN_BY_PYTHON = (frozenset({
    name for t in _HAVING for name in dir(t) if name[:2] == name[-2:] == "__"} | {
    "__aenter__", "__aexit__", "__aiter__", "__anext__", "__await__", "__buffer__", "__bytes__",
    "__ceil__", "__class_getitem__", "__complex__", "__copy__", "__deepcopy__", "__del__",
    "__delete__", "__dir__", "__enter__", "__exit__", "__floor__", "__fspath__", "__get__",
    "__getinitargs__", "__getnewargs__", "__getnewargs_ex__", "__getstate__", "__imatmul__",
    "__index__", "__init_subclass__", "__instancecheck__", "__length_hint__", "__matmul__",
    "__missing__", "__mro_entries__", "__post_init__", "__prepare__", "__reduce__",
    "__reduce_ex__", "__release_buffer__", "__replace__", "__reversed__", "__rmatmul__",
    "__round__", "__set__", "__set_name__", "__setstate__", "__subclasscheck__",
    "__subclasshook__", "__trunc__",
    *(f"__{prefix}{name}__" for prefix in ("", "i", "r") for name in (
        "add", "and", "divmod", "floordiv", "lshift", "mod", "mul", "or", "pow", "rshift", "sub",
        "truediv", "xor", "concat"))}) - _READ)
