"""The options that change a model, declared once, and the model that they make."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from derive.api import Model
    from derive.models.changes import Change

Tie = Annotated[
    list[str] | None,
    typer.Option(
        metavar="TEXT", help="Tie parameters: Sigma, 's2[k] = 2*r[k]', 'mu[k] = a + b*k' or 'mu[2] = -mu[1]'."
    ),
]
Fix = Annotated[
    list[str] | None,
    typer.Option(metavar="TEXT", help="Hold a parameter fixed: Sigma (known), 'mu = 0' or 'mu[2] = 0' (component 2)."),
]
Prior = Annotated[
    list[str] | None, typer.Option(metavar="TEXT", help="A prior on a parameter, such as 'pi ~ dirichlet(2)'.")
]
Weights = Annotated[
    list[str] | None,
    typer.Option(
        metavar="KIND[=COLUMN|FILE]",
        help="Weights of the rows: frequency (a row counts so many times) or precision:Sigma (its covariance is "
        "divided by the weight); to fit, a column of DATA or a file.",
    ),
]

Texts = Sequence[str] | None


def changes_of(tie: Texts, fix: Texts, prior: Texts, weights: Texts) -> "tuple[Change, ...]":
    """The changes that the options ask for: first ties, then fixed values, priors and weights."""
    from derive.models.changes import as_changes

    return as_changes(tie=tie, fix=fix, prior=prior, weights=[text.partition("=")[0] for text in weights or ()])


def known_of(weights: Texts) -> list[str]:
    """The `--known` options that `--weights KIND=COLUMN|FILE` stands for."""
    from derive.models.changes.given_weights import CODE

    return [f"{CODE}={file}" for _, separator, file in (text.partition("=") for text in weights or ()) if separator]


def load_changed(model: str, tie: Texts, fix: Texts, prior: Texts, weights: Texts) -> "Model":
    """The model with the changes that the options ask for."""
    from derive import api

    return api.load(model, changes_of(tie, fix, prior, weights))


def as_stored(pairs: Sequence[tuple[str, str]]) -> "tuple[Change, ...]":
    """The changes that a file of parameters names. Raises InputError for a kind that is none."""
    from derive.errors import InputError
    from derive.models.changes import Change, Kind

    for kind, _ in pairs:
        if kind not in set(Kind):
            raise InputError(f"the parameters name a change {kind!r}; there are {', '.join(Kind)}")
    return tuple(Change(Kind(kind), text) for kind, text in pairs)
