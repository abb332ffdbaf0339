"""`derive verify`: certify the derivation and the generated code."""

import json
from typing import Annotated, Any

import typer

from derive.cli.changes import Fix, Prior, Tie, Weights
from derive.cli.options import ModelArgument, Report

MStep = Annotated[
    str | None,
    typer.Option(
        "--m-step",
        metavar="FUNCTION",
        help="Try this M-step instead of the generated one: package.module:function or file.py:function. It is called "
        "as function(X, responsibilities, previous=None, **knowns) and returns the parameters.",
    ),
]
TimeLimit = Annotated[
    float | None,
    typer.Option(metavar="SECONDS", help="With --m-step: what one call of the function may take; 10 by default."),
]


def verify(
    model: ModelArgument,
    report: Annotated[Report, typer.Option("--format", help="How to print the result.")] = Report.terminal,
    m_step: MStep = None,
    time_limit: TimeLimit = None,
    tie: Tie = None,
    fix: Fix = None,
    prior: Prior = None,
    weights: Weights = None,
) -> None:
    """Certify every step, the solution, the maximum and the generated code; exit 1 if anything fails.

    With --m-step, anybody's M-step for the model is tried on random and real problems: whether its result maximises Q,
    and whether EM with it is monotone. Where not, the smallest counter-example is shown, and which parameter is off.
    """
    from derive.cli.changes import load_changed
    from derive.errors import InputError

    if m_step is None and time_limit is not None:
        raise InputError("--time-limit belongs to a submitted M-step: add --m-step FUNCTION")
    if m_step is not None:
        _try(load_changed(model, tie, fix, prior, weights), m_step, time_limit, report)
        return
    verification = load_changed(model, tie, fix, prior, weights).verify()
    checks = [{"name": check.name, "passed": check.passed, "detail": check.detail} for check in verification.checks]
    if report is Report.json:
        content = {"model": verification.model, "passed": verification.passed, "checks": checks}
        typer.echo(json.dumps(content, indent=2, ensure_ascii=False))
    else:
        from derive.cli.tables import verification_table

        verification_table(verification.model, checks, passed=verification.passed)
    if not verification.passed:
        raise typer.Exit(1)


def _try(model: Any, m_step: str, time_limit: float | None, report: Report) -> None:  # noqa: ANN401 - api.Model, imported late
    from derive.checking.submitted.process import SECONDS
    from derive.checking.submitted.report import plain
    from derive.errors import InputError

    seconds = SECONDS if time_limit is None else time_limit
    if not seconds > 0:
        raise InputError(f"--time-limit {seconds:g}: a positive number of seconds is needed")
    trial = model.verify_m_step(m_step, seconds)
    if report is Report.json:
        typer.echo(json.dumps(plain(trial), indent=2, ensure_ascii=False))
    else:
        from derive.cli.trial_tables import trial_tables

        trial_tables(plain(trial))
    if not trial.passed:
        raise typer.Exit(1)
