"""The application, and `main`, which turns every expected failure into one line on stderr and an exit code."""

import errno
import os
import sys
import warnings
from collections.abc import Sequence
from typing import Annotated

import typer

from derive.cli.benchmark import benchmark
from derive.cli.check import check
from derive.cli.check_code import check_code
from derive.cli.fit import fit
from derive.cli.generate import generate
from derive.cli.grade import grade
from derive.cli.models import models
from derive.cli.new import new
from derive.cli.notebook import notebook
from derive.cli.predict import predict
from derive.cli.show import show
from derive.cli.verify import verify
from derive.errors import NEW_LINE, DeriveError

UNUSABLE = 2
INTERRUPTED = 130
_TRACEBACK = "DERIVE_TRACEBACK"

app = typer.Typer(
    name="derive",
    help="Derive the EM updates of a mixture model from its log density, prove every step, and generate NumPy code.",
    epilog="Exit codes: 0 well, 1 a check failed, 2 unusable input. MODEL is a name that `derive models` lists, "
    "or a file of your own: file.py or file.py:NAME.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help needs a third of the time that rich help needs
)
app.command(short_help="List the models of the catalogue.")(models)
app.command(short_help="Write a model file to start from.")(new)
app.command(short_help="Show a model's derivation, step by step.")(show)
app.command(short_help="Write the NumPy modules, or check them.")(generate)
app.command(short_help="Write a notebook of derivation, code and fit.")(notebook)
app.command(short_help="Certify derivation and generated code.")(verify)
app.command(short_help="Say what is wrong in a derivation that was handed in.")(check)
app.command("check-code", short_help="Say what is wrong in code that was handed in.")(check_code)
app.command(short_help="Fit a mixture to a table of numbers.")(fit)
app.command(short_help="Label new data under fitted parameters.")(predict)
app.command(short_help="Judge all hand-ins of a class.")(grade)
app.command(short_help="Time an EM iteration beside others.")(benchmark)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import PackageNotFoundError, version

        try:
            typer.echo(f"derive {version('derive-em')}")
        except PackageNotFoundError:
            typer.echo("derive (not installed)")
        raise typer.Exit


@app.callback()
def _root(
    _version_asked: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Options that stand before a command."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns its exit code. arguments: those after the program's name, by default sys.argv's."""
    _encode_anything()
    try:
        with warnings.catch_warnings():
            warnings.showwarning = _warn
            code = _run(list(sys.argv[1:] if arguments is None else arguments))
        sys.stdout.flush()
    except BrokenPipeError:
        return _reader_gone()
    except OSError as error:
        if error.errno == errno.EPIPE:
            return _reader_gone()
        where = f"{error.filename}: " if error.filename else ""
        return _fail(f"{where}{(error.strerror or str(error)).lower()}", UNUSABLE)
    return code


def _run(arguments: list[str]) -> int:
    try:
        with typer.main.get_command(app).make_context("derive", arguments) as context:
            context.command.invoke(context)
    except typer.Exit as stop:
        return stop.exit_code
    except typer.TyperException as error:
        return _usage(error)
    except (typer.Abort, KeyboardInterrupt):
        return _fail("interrupted", INTERRUPTED)
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001  no failure reaches the user as a traceback
        return _explain(error)
    return 0


def _explain(error: Exception) -> int:
    if isinstance(error, DeriveError):
        return _fail(str(error), error.exit_code)
    if isinstance(error, MemoryError):
        return _fail(
            "not enough memory for data or model of this size; use fewer columns (--columns) or components, "
            "or a model with simpler covariances",
            UNUSABLE,
        )
    if os.environ.get(_TRACEBACK):
        raise error
    # A fault of this program: still one line, with a way to the traceback for whoever looks into it.
    reason = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return _fail(f"internal error ({reason}); set {_TRACEBACK}=1 to see where", UNUSABLE)


def _usage(error: typer.TyperException) -> int:
    """Wrong options: one line, with where to read on. A bare `derive` is answered with its help."""
    message = str(getattr(error, "message", error))
    code = int(getattr(error, "exit_code", UNUSABLE))
    if type(error).__name__ == "NoArgsIsHelpError":
        typer.echo(message)
        return code
    formatted = getattr(error, "format_message", None)
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "derive"
    said = (formatted() if formatted else message).replace("Value error, ", "").rstrip(".")
    return _fail(f"{said}; see: {path} --help", UNUSABLE)


def _fail(message: str, code: int) -> int:
    said, *excerpt = message.split(NEW_LINE)
    line = " ".join(said.split())
    sys.stderr.write("".join(f"{part}\n" for part in (f"derive: error: {line}", *(f"    {part}" for part in excerpt))))
    return code


def _warn(message: Warning | str, *_: object, **__: object) -> None:
    """A warning as a line of its own: where in the source it was given is of no use to who reads it."""
    sys.stderr.write(f"derive: warning: {' '.join(str(message).split())}\n")


def _reader_gone() -> int:
    """Whoever read the output has stopped, which is no failure; nothing more is written, also not at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _encode_anything() -> None:
    """A Greek letter on a terminal that has none becomes a question mark, not an error."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="replace")
