"""The passes in order. A strategy names them; another strategy may replace any stage."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, fields, replace

from derive.errors import LoweringError
from derive.lowering.check import accept
from derive.lowering.features import FeaturePrograms, lower_features
from derive.lowering.functions import Programs, lower_derivation, scope_of
from derive.lowering.passes.contract import contract
from derive.lowering.passes.extend import extend
from derive.lowering.passes.factor import factor
from derive.lowering.passes.halve import halve
from derive.lowering.passes.loop import loop
from derive.lowering.passes.ratios import shift_ratios
from derive.lowering.passes.separate import separate
from derive.lowering.passes.share import share
from derive.lowering.passes.stabilise import stabilise
from derive.lowering.program import Program
from derive.lowering.statistics import lower_statistics
from derive.proof.derivation import Derivation

Pass = Callable[[Program], Program]


@dataclass(frozen=True)
class Strategy:
    """A way to compute: passes by name, in order."""

    name: str
    passes: tuple[tuple[str, Pass], ...]

    def with_pass(self, name: str, change: Pass) -> "Strategy":
        """Return the strategy with one stage replaced."""
        return replace(self, passes=tuple((n, change if n == name else p) for n, p in self.passes))


PLAIN = Strategy(
    "plain",
    (
        ("share", share),
        ("separate", separate),
        ("extend", extend),
        ("stabilise", stabilise),
        ("ratios", shift_ratios),
        ("factor", factor),
        ("contract", contract),
        ("halve", halve),
        ("loop", loop),
    ),
)


def optimise(program: Program, strategy: Strategy = PLAIN) -> Program:
    """Run the passes of a strategy; each is checked by the interpreter and refused where it changes a value."""
    for name, change in strategy.passes:
        program = accept(program, change(program), name)
    return program


def compile_derivation(derivation: Derivation, strategy: Strategy = PLAIN) -> Programs:
    """Return the programs of all generated functions, ready for emission."""
    plain = lower_derivation(derivation)
    if derivation.statistics is not None:
        with suppress(LoweringError):  # statistics are an offer: a module without array code for them is still one
            summed, merged, updated = lower_statistics(derivation.statistics, scope_of(derivation))
            plain = replace(plain, statistics=summed, merge=merged, update=updated)
    programs: list[Program | None] = [getattr(plain, field.name) for field in fields(plain)]
    return Programs(*(None if program is None else optimise(program, strategy) for program in programs))  # type: ignore[arg-type]


def compile_features(derivation: Derivation, strategy: Strategy = PLAIN) -> FeaturePrograms | None:
    """Return the programs of features, ready for emission; None for a model without them."""
    if derivation.features is None:
        return None
    try:
        plain = lower_features(derivation.features, derivation, scope_of(derivation))
        programs: list[Program] = [getattr(plain, field.name) for field in fields(plain)]
        return FeaturePrograms(*(optimise(one, strategy) if one.outputs else one for one in programs))
    except LoweringError:  # features are an offer, as statistics are
        return None
