"""The command line: `dump` prints generated source, `check` refusals, `functions` what is known.

Whatever is wrong with the arguments is one line on stderr and exit code 2, never a traceback.
"""

from __future__ import annotations

import inspect
import os
import sys
from typing import Any

import click

from s2sdiff.errors import DifferentiationError
from s2sdiff.targets import BadTarget, function_named, functions_of, load

MODES = ("vjp", "grad", "jvp")


def _wrt(text: str | None, function: Any) -> dict[str, Any]:
    """`a,b` or `0,1` as the keyword argument of `source`; nothing where it was not given."""
    if text is None:
        return {}
    names = list(inspect.signature(function).parameters)
    chosen: list[int | str] = []
    for piece in (p.strip() for p in text.split(",") if p.strip()):
        if piece.lstrip("-").isdigit():
            if not -len(names) <= int(piece) < len(names):
                raise click.UsageError(f"--wrt: no parameter {piece}, there are {len(names)}")
            chosen.append(int(piece))
        elif piece in names:
            chosen.append(piece)
        else:
            known = ", ".join(names) or "none"
            raise click.UsageError(f"--wrt: no parameter {piece!r}; the parameters are: {known}")
    if not chosen:
        raise click.UsageError("--wrt: name at least one parameter")
    return {"wrt": chosen[0] if len(chosen) == 1 else tuple(chosen)}


def _tree(text: str) -> str:
    import ast

    import astunparse

    return astunparse.dump(ast.parse(text))


def _show(text: str) -> None:
    """Print source: highlighted on a terminal, byte for byte as it is where piped."""
    text = text.rstrip("\n")
    if not sys.stdout.isatty():
        click.echo(text)
        return
    from rich.console import Console
    from rich.syntax import Syntax

    highlighted = Syntax("", "python", theme="ansi_dark").highlight(text)
    Console().print(highlighted, end="", soft_wrap=True)


@click.group(invoke_without_command=True)
@click.version_option(package_name="s2sdiff", message="s2sdiff %(version)s")
@click.pass_context
def cli(context: click.Context) -> None:
    """Derivatives of plain Python and NumPy functions, as source code."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@cli.command()
@click.argument("target")
@click.option("--mode", default="vjp", metavar="|".join(MODES), help="What to generate.")
@click.option("--wrt", metavar="a,b|0,1", help="Parameters, by name or position.")
@click.option("--stage", metavar="NAME", help="Print the function as it is after this pass.")
@click.option("--tree", is_flag=True, help="Print the syntax tree instead of the text.")
def dump(target: str, mode: str, wrt: str | None, stage: str | None, tree: bool) -> None:
    """Print the generated source of TARGET, FILE.py:FUNC or module:FUNC."""
    if mode not in MODES:
        raise click.UsageError(f"--mode: no mode {mode!r}; the modes are: {', '.join(MODES)}")
    if stage is not None:
        from s2sdiff.transforms import STAGES

        if stage not in STAGES:
            raise click.UsageError(
                f"--stage: no stage {stage!r}; the stages are: {', '.join(STAGES)}"
            )
    function = function_named(target)
    options = {"mode": mode, **_wrt(wrt, function)}
    if stage is None:
        from s2sdiff import source

        text = source(function, **options)
    else:
        from s2sdiff.reports import stage_text

        text = stage_text(function, stage, **options)
    _show(_tree(text) if tree else text)


@cli.command()
@click.argument("target")
@click.pass_context
def check(context: click.Context, target: str) -> None:
    """Report what in TARGET, FILE.py or FILE.py:FUNC, cannot be differentiated."""
    from s2sdiff import reports

    if target.endswith(".py") or ":" not in target:
        functions = functions_of(load(target))
    else:
        functions = [function_named(target)]
    messages = [message for f in functions for message in reports.check(f)]
    for message in messages:
        click.echo(message)
    counted = f"{len(functions)} function{'s' * (len(functions) != 1)} checked"
    click.echo(f"{counted}, {len(messages) or 'nothing'} to report", err=True)
    context.exit(1 if messages else 0)


@cli.command()
@click.argument("pattern", default="*")
def functions(pattern: str) -> None:
    """Print which functions of NumPy, SciPy and Python are differentiated, and how.

    PATTERN is a part of a name (erf), or has wildcards (numpy.linalg.*).
    """
    from s2sdiff.listing import listed, matching

    rows = matching(listed(), pattern)
    if not rows:
        raise click.UsageError(f"no function of the table matches {pattern!r}")
    width = max(len(row.name) for row in rows)
    for row in rows:
        click.echo(f"{row.name:{width}}  {row.how}{': ' * bool(row.why)}{row.why}")


def _line(error: BaseException) -> str:
    """An error as one line: a refusal without its excerpt, anything else as it says itself."""
    if isinstance(error, click.ClickException):
        message = error.format_message()
    elif isinstance(error, DifferentiationError) and _called_here(error):
        message = error.said or str(error)
    else:
        message = str(error)
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    if isinstance(error, DifferentiationError) and len(lines) > 2:
        lines = [lines[0] + ":", lines[-1]]
    return " ".join(lines) or type(error).__name__


def _called_here(error: DifferentiationError) -> bool:
    """Whether the place of a refusal is the command line's own call, which nobody has written."""
    return error.loc is not None and error.loc.file.startswith(os.path.dirname(click.__file__))


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    try:
        return cli.main(arguments, prog_name="s2sdiff", standalone_mode=False) or 0
    except (click.ClickException, BadTarget, DifferentiationError, TypeError, ValueError) as error:
        click.echo(f"s2sdiff: {_line(error)}", err=True)
        return 2
    except BrokenPipeError:
        # The reader (`| head`) has gone; without this Python complains again while it shuts down.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (click.Abort, KeyboardInterrupt):
        return 130
