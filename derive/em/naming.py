"""Reasons why an update is not found begin with the place in the user's file that they speak of."""

import contextlib
from collections.abc import Iterator

from derive.errors import NoClosedFormError
from derive.language.family import Family
from derive.models.mixture import Mixture


@contextlib.contextmanager
def naming(model: Mixture, family: Family) -> Iterator[None]:
    """Let a reason that speaks of a parameter name the lines of the model and of the parameter's declaration."""
    try:
        yield
    except NoClosedFormError as error:
        if model.place and str(error).startswith(model.place):
            raise
        raise NoClosedFormError(f"{model.about(family)}{error}") from None
