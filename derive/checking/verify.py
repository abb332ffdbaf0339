"""``derive verify``: the derivation is certified anew, and the generated code is held against it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from derive.checking.code import compares_with_derivation, counts_parameters
from derive.checking.features import features_agree
from derive.checking.modes import modes_never_lower
from derive.checking.monotone import never_lowers
from derive.checking.statistics import statistics_add_up
from derive.em import derive_em
from derive.emission.module import render_module
from derive.errors import DeriveError
from derive.models.mixture import Mixture
from derive.proof.derivation import Derivation
from derive.runtime.load import load_source
from derive.runtime.protocol import GeneratedModule


@dataclass(frozen=True)
class Check:
    """One thing that was checked: its name, whether it held, and what was seen."""

    name: str
    passed: bool
    detail: str


@dataclass(frozen=True)
class Verification:
    """All checks of a model, in order; a check that could not run because an earlier one failed is left out."""

    model: str
    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """Whether every check held."""
        return all(check.passed for check in self.checks)


def verify(model: Mixture) -> Verification:
    """Certify the derivation anew, and hold the generated code against it."""
    return Verification(model.name, tuple(_checks(model)))


def _checks(model: Mixture) -> Iterator[Check]:
    try:
        derivation = derive_em(model)
    except DeriveError as error:
        yield Check("steps", passed=False, detail=str(error))
        return
    yield _steps(derivation)
    yield _solutions(derivation)
    yield _maxima(derivation)
    try:
        module = load_source(render_module(derivation), model.name)
    except DeriveError as error:
        yield Check("generated code", passed=False, detail=str(error))
        return
    claims: list[tuple[str, Callable[[Derivation, GeneratedModule], str]]] = [
        ("code computes the derived updates", compares_with_derivation),
        ("number of parameters", counts_parameters),
        ("sufficient statistics", statistics_add_up),
        ("features", features_agree),
        (f"{derivation.objective_name} never falls", never_lowers),
        ("objectives of other modes never fall", modes_never_lower),
    ]
    for name, claim in claims:
        try:
            yield Check(name, passed=True, detail=claim(derivation, module))
        except DeriveError as error:
            yield Check(name, passed=False, detail=str(error))
        except Exception as error:  # noqa: BLE001 - whatever the generated code raises is a check that failed
            yield Check(name, passed=False, detail=f"the generated code raised {type(error).__name__}: {error}")


def _steps(derivation: Derivation) -> Check:
    """Every step carries a certificate: it was made when the step was written down, a moment ago."""
    certified = [step for step in derivation.steps if step.certificate is not None]
    count, total = len(certified), len(derivation.steps)
    worlds = sorted({world for step in certified if step.certificate for world in step.certificate.sizes})
    sizes = "; ".join(", ".join(f"{name} = {size}" for name, size in world) for world in worlds)
    return Check("steps", count == total > 0, f"{count} of {total} steps certified, at {sizes}")


def _solutions(derivation: Derivation) -> Check:
    """Each update was put back, and the gradient vanished exactly."""
    return _each_section(
        derivation,
        "solution",
        ("solution", "attained"),
        "the gradient is exactly zero at the update, or no other value does better",
    )


def _maxima(derivation: Derivation) -> Check:
    """Each parameter's section shows a sign: of a second differential, a slope's slope, or how far Q lies below."""
    words = "concave, or the slope solved falls or changes its sign once, or Q is nowhere larger: a global maximum"
    return _each_section(
        derivation,
        "maximum",
        ("concave", "falls", "crosses-once", "end-of-support", "attained", "single-peak", "global-maximum"),
        words,
    )


def _each_section(derivation: Derivation, name: str, rules: tuple[str, ...], words: str) -> Check:
    wanted = {update.target.family.name for update in derivation.updates}
    shown = {
        symbol.family.name
        for section in derivation.sections
        if section.parameter is not None
        for symbol in (section.parameter, *section.others)
        if any(step.rule in rules and step.certificate for step in section.steps)
    }
    missing = sorted(wanted - shown)
    detail = f"{', '.join(sorted(shown))}: {words}" if not missing else f"not shown for {', '.join(missing)}"
    return Check(name, not missing, detail)
