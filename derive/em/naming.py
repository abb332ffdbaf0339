"""Reasons why an update is not found begin with the place in the user's file that they speak of."""

import contextlib
import re
from collections.abc import Iterator, Mapping

from derive.em.notation import Notation
from derive.errors import NoClosedFormError
from derive.language.expr import Expr
from derive.language.family import Family, Symbol


@contextlib.contextmanager
def naming(notation: Notation, family: Family | None = None) -> Iterator[None]:
    """Let a reason name the lines of the model and of the parameter: the one given, or the first that it mentions."""
    model = notation.model
    try:
        yield
    except NoClosedFormError as error:
        said = str(error)
        if not model.place or said.startswith(model.place):
            raise
        named = (
            [f for f in model.parameters if _mentions(said, str(notation.symbol(f)))] if family is None else [family]
        )
        raise NoClosedFormError(f"{model.about(named[0]) if named else f'{model.named}: '}{said}") from None


def _mentions(said: str, symbol: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(symbol)}(?!\w)", said) is not None


def require_evidence(notation: Notation, values: Mapping[Family, Expr]) -> None:
    """Refuse an update that is the same whatever the samples are: the density says nothing of that parameter."""
    for family, value in values.items():
        if not value.contains(lambda node: isinstance(node, Symbol)):
            symbol = notation.symbol(family)
            raise NoClosedFormError(
                f"the data say nothing of {symbol}: its update is {value} whatever they are; no term of the log "
                f"density holds both {family.name} and the data, or such terms cancel"
            )
