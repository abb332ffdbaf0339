"""A chain as it was tried, and a row as it was judged."""

from dataclasses import dataclass

from derive.checking.derivations.chain import State
from derive.checking.derivations.finding import Finding
from derive.checking.derivations.outcome import Row, Verdict
from derive.language.expr import Expr


@dataclass(frozen=True)
class Attempt:
    """A chain as it was read and judged, and the state after it."""

    first: Expr
    others: list[tuple[str, Expr]]
    findings: list[Finding]
    state: State

    @property
    def wrong(self) -> bool:
        """Whether any relation in it is wrong."""
        return any(finding.verdict is Verdict.WRONG for finding in self.findings)


@dataclass(frozen=True)
class Judged:
    """A row with what was found, and the names in it that the document itself defines."""

    row: Row
    finding: Finding
    uses: frozenset[str] = frozenset()
