"""The ledger of a derivation in the making: numbers each step and certifies it before the next is written."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from derive.language.expr import Expr
from derive.language.family import Family, Symbol
from derive.proof.certify import Certifier
from derive.proof.derivation import Section
from derive.proof.step import Assumption, Move, Relation, Step
from derive.solve.line import Line


@dataclass
class Ledger:
    """Collects certified steps in sections."""

    certifier: Certifier
    sections: list[Section] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    _open: int = 0

    def add(
        self,
        left: Expr,
        right: Expr,
        rule: str,
        words: str,
        *,
        relation: Relation = Relation.EQUAL,
        source: str = "",
        variable: Family | None = None,
        premise: int | None = None,
        move: Move | None = None,
        assumptions: tuple[Assumption, ...] = (),
    ) -> Step:
        """Certify a step and write it down; raises StepRefusedError where it does not hold."""
        number = len(self.steps) + 1
        step = Step(number, left, relation, right, rule, words, source, variable, premise, move, assumptions)
        self.steps.append(self.certifier.certify(step, self.step))
        return self.steps[-1]

    def follow(self, lines: Iterable[Line], start: Step) -> Step:
        """Write down the lines of a solution, the first of which follows from ``start``; return the last step."""
        chain = [start]
        for line in lines:
            premise = chain[-line.back]
            chain.append(
                self.add(
                    line.left,
                    line.right,
                    line.rule,
                    line.words,
                    relation=line.relation,
                    premise=premise.number if line.move is not None else None,
                    move=line.numbered_move([step.number for step in chain]),
                    assumptions=line.assumptions,
                    source=line.source,
                )
            )
        return chain[-1]

    def step(self, number: int) -> Step:
        """Return the step with this number."""
        return self.steps[number - 1]

    def close(
        self, title: str, words: str = "", parameter: Symbol | None = None, others: tuple[Symbol, ...] = ()
    ) -> None:
        """End a section: it holds the steps written since the last one ended."""
        self.sections.append(Section(title, tuple(self.steps[self._open :]), words, parameter, others))
        self._open = len(self.steps)
