"""The programs of features: their values, their natural parameters, and the sums of those that all components share."""

from dataclasses import dataclass

from derive.language.domain import Domain
from derive.language.expr import Expr, mul
from derive.language.family import Family, Role, Symbol
from derive.language.functions import sum_over
from derive.lowering.functions import lower_equation
from derive.lowering.program import Output, Program
from derive.lowering.scope import Scope
from derive.proof.derivation import Derivation, Feature, Features, UpdateEquation


@dataclass(frozen=True)
class FeaturePrograms:
    """The programs of one model.

    values: of each varying feature, for each sample. natural: their natural parameters. shared_sums, shared_natural:
    sums over the samples of the shared ones, and their natural parameters; without outputs where there are none.
    """

    values: Program
    natural: Program
    shared_sums: Program
    shared_natural: Program


def lower_features(features: Features, derivation: Derivation, scope: Scope) -> FeaturePrograms:
    """Return the programs, straight from the equations: no pass has run."""
    values = [
        _value(f"feature_{place}", feature.core, feature.domain, features.joint, scope)
        for place, feature in enumerate(features.varying)
    ]
    weight = derivation.sample_weights
    sums = [
        _value(f"shared_{place}", _sum(feature.core, weight, scope), feature.domain, features.joint, scope)
        for place, feature in enumerate(features.shared)
    ]
    return FeaturePrograms(
        Program("features", tuple(values)),
        Program("natural_parameters", _natural(features.varying, scope)),
        Program("shared_statistics", tuple(sums)),
        Program("shared_parameters", _natural(features.shared, scope)),
    )


def _natural(features: tuple[Feature, ...], scope: Scope) -> tuple[Output, ...]:
    equations = [feature.natural for feature in features if feature.natural is not None]
    return tuple(lower_equation(equation.target.family.code, equation, scope) for equation in equations)


def _sum(core: Expr, weight: Family | None, scope: Scope) -> Expr:
    return sum_over(scope.samples, core if weight is None else mul(weight.symbol, core))


def _value(name: str, value: Expr, domain: Domain, number: int, scope: Scope) -> Output:
    """Return the output of a value with all its axes, that of the samples first."""
    indices = sorted(value.free, key=lambda index: (index != scope.samples, index))
    family = Family(name, Role.STATISTIC, tuple(indices), value.shape, domain)
    return lower_equation(name, UpdateEquation(Symbol(family, family.indices), value, number), scope)
