"""`derive verify`: certify the derivation and the generated code."""

import json
from typing import Annotated

import typer

from derive.cli.options import ModelArgument, Report


def verify(
    model: ModelArgument,
    report: Annotated[Report, typer.Option("--format", help="How to print the result.")] = Report.terminal,
) -> None:
    """Certify every step, the solution, the maximum and the generated code; exit 1 if anything fails."""
    from derive import api

    verification = api.load(model).verify()
    checks = [{"name": check.name, "passed": check.passed, "detail": check.detail} for check in verification.checks]
    if report is Report.json:
        content = {"model": verification.model, "passed": verification.passed, "checks": checks}
        typer.echo(json.dumps(content, indent=2, ensure_ascii=False))
    else:
        from derive.cli.tables import verification_table

        verification_table(verification.model, checks, passed=verification.passed)
    if not verification.passed:
        raise typer.Exit(1)
