"""Noise beside a mixture: one more component, uniform over a region of known volume."""

from dataclasses import replace

from derive.errors import ModelError
from derive.language.domain import Positive
from derive.language.family import Known, Role
from derive.language.functions import log
from derive.language.index import Index
from derive.models.changes.naming import described, renamed
from derive.models.mixture import Mixture


def with_noise(model: Mixture, name: str = "V", *, code: str = "volume") -> Mixture:
    """Return the model with a component that is uniform over a region of volume V, which has to hold all data.

    name: of the volume in formulas. code: the keyword argument of generated functions, one number; the last column of
    responsibilities is the noise's. Raises ModelError where the weights are fixed or have a prior, or the model has
    other components already. Banfield and Raftery 1993, sec. 3.
    """
    weights, component = model.weights, model.component
    if model.others:
        raise ModelError(f"{model.name}: it has components with densities of their own already")
    if weights.role is not Role.PARAMETER or model.weights_value is not None:
        raise ModelError(f"{model.name}: the weights are fixed, so there is none to estimate for the noise")
    if model.log_prior is not None and weights.name in {member for member, _ in model.log_prior.members}:
        raise ModelError(f"{model.name}: the prior on {weights} is on the weights without noise; leave it out")
    V = Known(name, domain=Positive, code=code)
    taken = frozenset(index for family in model.families for index in family.indices)
    every = Index(component.renamed(taken).name, f"{component.size} + 1")
    return replace(
        model,
        name=renamed(model, "noise"),
        summary=described(model, f"and noise, uniform over a region of volume {name}"),
        weights=replace(weights, indices=(every,)),
        others=(-log(V),),
    )
