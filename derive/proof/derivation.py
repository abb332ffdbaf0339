"""A derivation: its steps in sections, and the equations in it that generated code computes."""

from dataclasses import dataclass

from derive.language.expr import Expr
from derive.language.family import Family, Symbol
from derive.proof.step import Assumption, Step


@dataclass(frozen=True)
class UpdateEquation:
    """target = value: an equation to be computed, and the number of the step that states it.

    previous: parameters whose previous values stand in ``value`` (coordinate updates), empty for a closed update.
    assumptions: what it needs, such as N_k > 0.
    """

    target: Symbol
    value: Expr
    number: int
    previous: tuple[Symbol, ...] = ()
    assumptions: tuple[Assumption, ...] = ()


@dataclass(frozen=True)
class Section:
    """Steps that belong together, such as the M-step for one parameter."""

    title: str
    steps: tuple[Step, ...]
    words: str = ""
    parameter: Symbol | None = None


@dataclass(frozen=True)
class Derivation:
    """All of EM for one model, in textbook order.

    families: weights, then the other parameters in the order of their updates, then data and known constants.
    log_joint: l_nk = log pi_k + log f(x_n | theta_k). responsibilities: gamma_nk in terms of l_nk. log_likelihood: in
    terms of l_nk. updates: one equation a parameter, in the order in which the M-step computes them.
    """

    model: str
    summary: str
    families: tuple[Family, ...]
    sections: tuple[Section, ...]
    log_joint: UpdateEquation
    responsibilities: UpdateEquation
    log_likelihood: UpdateEquation
    updates: tuple[UpdateEquation, ...]

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps, by number."""
        return tuple(step for section in self.sections for step in section.steps)

    def step(self, number: int) -> Step:
        """Return the step with this number."""
        return next(step for step in self.steps if step.number == number)
