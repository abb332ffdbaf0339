"""Q where some components have densities of their own: the components that share one apart from the others."""

from fractions import Fraction

from derive.em.ledger import Ledger
from derive.language.beyond import Beyond
from derive.language.calculus_nodes import Named
from derive.language.expr import Expr, Number
from derive.language.family import Family, Symbol
from derive.language.functions import log, sum_over
from derive.models.mixture import Mixture

ZERO = Number(Fraction(0))


def apart(model: Mixture, gamma: Family) -> Expr:
    """Return what a sample adds to Q: weights of all components, the density that K share, those of the others.

    Parameters that components have are thus summed over the components that have them.
    """
    n, j, k = model.sample, model.component, model.regular
    responsibility = gamma[n, j]
    weights = sum_over(j, responsibility * log(model.weight))
    shared = sum_over(k, Symbol(gamma, (n, k)) * model.log_density)
    return weights + shared + sum_over(j, responsibility * Beyond(j, model.others, ZERO))


def state_apart(ledger: Ledger, model: Mixture, function: Named, together: Expr) -> None:
    """Write Q with the components apart, where there are others."""
    if model.others:
        k, size = model.regular, model.component.size
        words = f"the densities of the components {k} = 1, ..., {size.base} apart from those beyond them"
        ledger.add(together, function.definition, "components-apart", words)
