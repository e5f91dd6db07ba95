from typing import Any

class Ast3ToGAst:
    def visit(self, node: Any) -> Any: ...
