"""A prior as text: ``pi ~ dirichlet(2)``."""

import difflib

from derive.errors import ModelError
from derive.language.domain import AtLeast, Domain, Positive, PositiveDefinite, Real
from derive.language.expr import Expr
from derive.language.family import Family, Role
from derive.language.functions import Size
from derive.language.index import SCALAR, Shape
from derive.language.rewrite import collect
from derive.models.changes.prior import with_prior
from derive.models.changes.replacing import parameter
from derive.models.changes.target import target
from derive.models.mixture import Mixture
from derive.models.priors import PRIORS, Prior
from derive.models.reading import Call, Member, Name, Node, Statement, parse, pointing
from derive.models.reading.symbols import Symbols


def prior(model: Mixture, what: str, **symbols: Family) -> Mixture:
    """Return the model with a prior on a parameter; EM then finds the mode of the posterior.

    what: ``"pi ~ dirichlet(2)"``, ``"mu ~ normal(0, 10)"``, ``"mu, Sigma ~ normal_inverse_wishart(0, 1, I, D + 2)"``.
    Names that the model does not have become known constants, which every generated function takes as keyword
    arguments: ``"mu ~ normal(m0, S0)"``. symbols: declarations of such names.

    Raises InputError for a text that is not understood, a prior that is not there or a symbol that is not there,
    ModelError for a parameter that the prior is not for.
    """
    statement = parse(what)
    call = statement.right
    if statement.relation != "~" or not isinstance(call, Call):
        raise statement.place.error("a prior is written with '~', as in: pi ~ dirichlet(2)")
    found = _known_prior(call)
    families = _parameters(model, statement, found)
    if len(call.arguments) != len(found.hyperparameters):
        raise call.place.error(
            f"{call.name} takes {', '.join(found.hyperparameters)}, but {len(call.arguments)} values are given"
        )
    values = [_hyperparameter(model, call, at, families, symbols) for at, _ in enumerate(found.hyperparameters)]
    try:
        return with_prior(model, collect(found.density(*(family.symbol for family in families), *values)))
    except ModelError as error:
        raise call.place.error(str(error)) from None


def _known_prior(call: Call) -> Prior:
    if call.name not in PRIORS:
        near = difflib.get_close_matches(call.name, PRIORS, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(PRIORS)}"
        raise call.place.error(f"no prior is called {call.name!r}; {hint}")
    return PRIORS[call.name]


def _parameters(model: Mixture, statement: Statement, found: Prior) -> list[Family]:
    families = []
    for node in (statement.left, *statement.more):
        at = target(model, node)
        if at.number is not None:
            raise node.place.error("a prior is on the members of all components")
        with pointing(node.place):
            families.append(parameter(model, at.family))
    if len(families) != len(found.parameters):
        raise statement.place.error(f"this prior is on {' and '.join(found.parameters)}, with a comma between")
    return families


def _hyperparameter(model: Mixture, call: Call, at: int, families: list[Family], given: dict[str, Family]) -> Expr:
    """The value of a hyperparameter; a new name is declared as a known constant of the kind that it needs."""
    node = call.arguments[at]
    side = next((f.shape.rows for f in families if not f.shape.is_scalar), None)
    symbols = Symbols(model, side, given)
    if isinstance(node, Name | Member) and not symbols.is_known(node.name):
        declared = _declared(model, call.name, PRIORS[call.name].hyperparameters[at], node, families)
        symbols = Symbols(model, side, {**given, declared.name: declared})
    return symbols.expression(node)


def _declared(model: Mixture, name: str, role: str, node: Node, families: list[Family]) -> Family:
    assert isinstance(node, Name | Member)  # noqa: S101 - for the type checker
    first, last = families[0], families[-1]
    shape = SCALAR
    domain: Domain = Positive()
    if role in {"mean", "m0"}:
        shape, domain = first.shape, Real()
    elif role in {"covariance", "precision", "psi"} or (name, role) == ("wishart", "scale"):
        rows = last.shape.rows
        shape = SCALAR if last.shape.is_scalar else Shape(rows, rows)
        domain = Positive() if last.shape.is_scalar else PositiveDefinite(rows)
    elif (name, role) == ("wishart", "nu") and not last.shape.is_scalar:
        domain = AtLeast(Size(last.shape.rows) + 1)
    elif role in {"alpha", "a", "b"} or (name, role) == ("gamma", "shape"):
        domain = AtLeast(1)
    indices = (model.component,) if isinstance(node, Member) else ()
    return Family(node.name, Role.KNOWN, indices, shape, domain, "", node.name)
