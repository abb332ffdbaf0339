"""Whether a description makes sense: one message for each way in which it may not."""

from collections.abc import Sequence
from fractions import Fraction

from derive.errors import ModelError
from derive.language.domain import Positive
from derive.language.expr import Expr, Number, Power
from derive.language.family import Family, Role
from derive.language.index import Index

LARGEST_EXPONENT = 64
LARGEST_NUMBER = 2048  # bits
MOST_NODES = 4000


def check_size(name: str, density: Expr) -> None:
    """Refuse numbers, exponents and formulas of sizes that no density has: to derive from them would take for ever."""
    waiting, count = [density], 0
    while waiting:
        node = waiting.pop()
        count += 1
        if count > MOST_NODES:
            raise ModelError(
                f"{name}: the log density has more than {MOST_NODES} parts; a sum over many terms is written "
                "sum_over(d, ...) with an Index and a Known"
            )
        if isinstance(node, Number) and _bits(node.value) > LARGEST_NUMBER:
            raise ModelError(f"{name}: a number in the log density has more than {LARGEST_NUMBER} bits")
        if isinstance(node, Power) and abs(node.exponent) > LARGEST_EXPONENT:
            raise ModelError(
                f"{name}: the power {node.exponent} in the log density: an exponent is a number of at most "
                f"{LARGEST_EXPONENT}"
            )
        waiting += node.children


def _bits(value: Fraction) -> int:
    return max(value.numerator.bit_length(), value.denominator.bit_length())


def check_symbols(name: str, density: Expr, families: tuple[Family, ...]) -> None:
    """Check the density's shape, its data, and that names are unique."""
    if not density.shape.is_scalar:
        raise ModelError(f"{name}: log_density must be a scalar, but it is {density.shape}")
    data = [family for family in families if family.role is Role.DATA]
    if not data:
        raise ModelError(f"{name}: the log density does not depend on the data: no symbol in it is declared by Data")
    if len(data) > 1:
        names = ", ".join(str(family) for family in data)
        raise ModelError(
            f"{name}: the log density must depend on one Data family, but it has {names}; what is not modelled is Known"
        )
    if not data[0].indices:
        raise ModelError(f"{name}: the data {data[0]} must carry the index of the samples, as in Data('x', n)")
    for attribute in ("name", "code"):
        seen: dict[str, Family] = {}
        for family in families:
            if seen.setdefault(getattr(family, attribute), family) != family:
                raise ModelError(f"{name}: two symbols share the {attribute} {getattr(family, attribute)!r}")
    if not [family for family in families if family.role is Role.PARAMETER]:
        raise ModelError(f"{name}: nothing is to be estimated: neither the weights nor the density have a Parameter")


def check_plates(name: str, sample: Index, component: Index, families: tuple[Family, ...]) -> None:
    """Check that samples, components and coordinates are apart, and that every size has its own letter."""
    if sample.name == component.name or sample.size in (component.size, component.size.base):
        raise ModelError(f"{name}: samples and components need plates of their own: Index('n', 'N'), Index('k', 'K')")
    plates: dict[str, Index] = {}
    for index in (sample, component, *(index for family in families for index in family.indices)):
        if plates.setdefault(index.name, index) != index:
            sizes = f"{plates[index.name].size} and {index.size}"
            raise ModelError(f"{name}: the index {index.name} runs over {sizes}; give one of them another letter")
    counted = {index.size for index in plates.values()}
    for family in families:
        for side in sorted({family.shape.rows, family.shape.cols} & counted):
            raise ModelError(f"{name}: the dimension {side} of {family} has the letter of a plate; give it another")
        _check_indices(name, sample, component, family)


def _check_indices(name: str, sample: Index, component: Index, family: Family) -> None:
    """Check which plates a family carries: samples first, then components, then coordinates."""
    rank = {sample.size: 0, component.size: 1, component.size.base: 1}
    ranks = [rank.get(index.size, 2) for index in family.indices]
    sizes = [index.size for index in family.indices]
    if len(set(sizes)) < len(sizes):
        raise ModelError(f"{name}: {family} carries one plate twice")
    if ranks != sorted(ranks):
        raise ModelError(f"{name}: {family} needs its indices in order: samples, components, then coordinates")
    if family.role is Role.PARAMETER and 0 in ranks:
        raise ModelError(f"{name}: the parameter {family} carries the samples' index {sample}: one for each sample")
    if family.role is Role.DATA and 1 in ranks:
        raise ModelError(f"{name}: the data {family} carries the components' index {component}, which nobody observes")
    if family.role is Role.DATA and len(ranks) + (not family.shape.is_scalar) > 2:
        raise ModelError(f"{name}: a sample of the data {family} is an array; it may be a scalar or a vector")


def check_free(name: str, density: Expr, sample: Index, component: Index) -> None:
    """Check that no other index than those of sample and component is left free."""
    free = density.free - {sample, component}
    if free:
        names = ", ".join(sorted(index.name for index in free))
        raise ModelError(f"{name}: the index {names} is left free in the log density; sum over it with sum_over")


def check_latent(name: str, latent: Family | None, families: tuple[Family, ...]) -> None:
    """Check that what nobody observes is one positive number that the density mentions, and is declared as such."""
    if latent is not None and (not isinstance(latent, Family) or latent.role is not Role.LATENT):
        raise ModelError(f"{name}: latent is {latent!r}; declare it as in Latent('u', domain=Positive)")
    mentioned = [family for family in families if family.role is Role.LATENT]
    for family in mentioned:
        if family != latent:
            raise ModelError(
                f"{name}: the density has the latent variable {family}; say so, Mixture(..., latent={family}): "
                "there can be one, and it is integrated out"
            )
    if latent is None:
        return
    if type(latent.domain) is not Positive:
        raise ModelError(
            f"{name}: the latent variable {latent} runs over all positive numbers: declare it with domain=Positive"
        )
    if not mentioned:
        raise ModelError(f"{name}: the density does not mention the latent variable {latent}; leave it out")


def check_prior(name: str, prior: Expr, mentioned: Sequence[Family], declared: Sequence[Family]) -> None:
    """Check that a prior speaks of the model's parameters, and of known constants, only."""
    if not prior.shape.is_scalar:
        raise ModelError(f"{name}: log_prior must be a scalar, but it is {prior.shape}")
    for family in mentioned:
        if family.role in (Role.DATA, Role.LATENT):
            what = "data" if family.role is Role.DATA else "latent variable"
            raise ModelError(
                f"{name}: the prior mentions the {what} {family}: it may depend on parameters and constants"
            )
        if family.role is Role.PARAMETER and family not in declared:
            same = any(other.name == family.name for other in declared)
            why = "the model's symbol of this name is declared differently" if same else "the model does not have it"
            parameters = dict.fromkeys(other for other in declared if other.role is Role.PARAMETER)
            has = ", ".join(map(str, parameters)) or "no parameter"
            raise ModelError(f"{name}: a prior on a symbol that is not there, {family}: {why}; it has {has}")
    if not any(family.role is Role.PARAMETER for family in mentioned):
        raise ModelError(f"{name}: the prior depends on no parameter, so it changes nothing; leave it out")
    if prior.free:
        names = ", ".join(sorted(index.name for index in prior.free))
        raise ModelError(f"{name}: the index {names} is left free in the log prior; sum over it with sum_over")


def check_sample_weights(name: str, weights: Family, sample: Index) -> None:
    """Check that sample weights are known numbers, one a row, none of them negative."""
    if not isinstance(weights, Family) or weights.role is not Role.KNOWN or weights.indices != (sample,):
        raise ModelError(
            f"{name}: sample_weights must be a known number for each sample, as in "
            f"Known('w', {sample}, domain=NonNegative), not {weights}"
        )
    if not weights.shape.is_scalar or not weights.domain.nonnegative:
        raise ModelError(f"{name}: the sample weights {weights} count samples: declare them with domain=NonNegative")
