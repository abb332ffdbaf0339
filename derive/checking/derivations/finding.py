"""What is found of one relation between two sides."""

from dataclasses import dataclass, replace

from derive.checking.derivations.outcome import Remark, Verdict
from derive.language.expr import Expr


@dataclass(frozen=True)
class Finding:
    """What is found of one relation. loose: its sides need to agree up to a constant only."""

    verdict: Verdict
    says: str = ""
    mistake: str = ""
    remarks: tuple[Remark, ...] = ()
    sides: tuple[Expr, Expr] | None = None
    loose: bool = False

    @property
    def fine(self) -> bool:
        """Whether nothing is wrong with it."""
        return self.verdict in (Verdict.RIGHT, Verdict.NOTICE, Verdict.EQUATION)


RIGHT = Finding(Verdict.RIGHT)


def worst(findings: list[Finding]) -> Finding:
    """Return the most serious finding, with the remarks of all."""
    order = (Verdict.RIGHT, Verdict.NOTICE, Verdict.EQUATION, Verdict.FOLLOWS, Verdict.UNCHECKED, Verdict.WRONG)
    first = max(findings, key=lambda finding: order.index(finding.verdict))
    remarks = tuple(dict.fromkeys(remark for finding in findings for remark in finding.remarks))
    verdict = Verdict.NOTICE if first.verdict is Verdict.RIGHT and remarks else first.verdict
    return replace(first, verdict=verdict, remarks=remarks)


def follows(finding: Finding) -> Finding:
    """Return a finding of what is right only given an earlier row that is wrong."""
    if not finding.fine:
        return finding
    return Finding(Verdict.FOLLOWS, "right, given an earlier row that is wrong", sides=finding.sides)
