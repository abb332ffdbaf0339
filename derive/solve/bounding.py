"""Naming a prior that bounds a likelihood which has no maximum in a parameter."""

from derive.language.family import Symbol


def bounding_prior(unknown: Symbol) -> str:
    """Return the priors, as text for ``--prior``, that keep a parameter of this domain away from where Q rises to."""
    name, domain = unknown.family.name, unknown.family.domain
    if domain.sums_to_one:
        return f"'{name} ~ dirichlet(2)'"
    if domain.side is not None:
        return f"'{name} ~ inverse_wishart(1, {domain.side} + 2)' or '{name} ~ wishart(1, {domain.side} + 2)'"
    if domain.below_one:
        return f"'{name} ~ beta(2, 2)'"
    if domain.positive:
        return f"'{name} ~ inverse_gamma(2, 1)' or '{name} ~ gamma(2, 1)'"
    return f"'{name} ~ normal(0, 10)'"
