"""The samples by module; `names : expression`, where `{}` in the expression is the name."""

from __future__ import annotations

from tests.coverage import rows_distributions, rows_numpy, rows_python, rows_scipy

__all__ = ["SAMPLES"]


def _parsed(module: str, text: str) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for line in text.strip().splitlines():
        names, _, expression = line.partition(" : ")
        for name in names.split():
            if (module, name) in found:
                raise ValueError(f"{module} {name} has two samples")
            found[module, name] = expression.replace("{}", name)
    return found


#: By module and name, as the coverage table has them.
SAMPLES: dict[tuple[str, str], str] = dict(rows_python.LOGIC)
for part in (rows_python, rows_numpy, rows_scipy, rows_distributions):
    for module, text in part.ROWS.items():
        SAMPLES.update(_parsed(module, text))
