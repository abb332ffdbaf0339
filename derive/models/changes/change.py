"""Changes as a user gives them: a kind and a text; those of a command in their order."""

import re
import shlex
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from derive.errors import NEW_LINE, DeriveError, ModelError
from derive.models.changes.fix import fix
from derive.models.changes.given_prior import prior
from derive.models.changes.given_weights import weights
from derive.models.changes.tie import tie
from derive.models.mixture import Mixture
from derive.models.reading.nodes import Place

_PLAIN = re.compile(r"[\w./:-]+")


class Kind(StrEnum):
    """What a change does; each is an option of the command line, in the order in which they are applied."""

    TIE = "tie"
    FIX = "fix"
    PRIOR = "prior"
    WEIGHTS = "weights"


_APPLY: dict[Kind, Callable[[Mixture, str], Mixture]] = {
    Kind.TIE: tie,
    Kind.FIX: fix,
    Kind.PRIOR: prior,
    Kind.WEIGHTS: weights,
}


@dataclass(frozen=True)
class Change:
    """A change and its text: ``Change(Kind.FIX, "mu[2] = 0")``."""

    kind: Kind
    text: str

    def __str__(self) -> str:
        return f"--{self.kind} {shlex.quote(self.text)}"

    def apply(self, model: Mixture) -> Mixture:
        """Return the changed model; an error says which change it was, and points at the place in its text."""
        try:
            return _APPLY[self.kind](model, self.text)
        except DeriveError as error:
            pointer = "" if NEW_LINE in str(error) else Place(self.text, 0, len(self.text)).pointer()
            raise type(error)(f"--{self.kind} {error}{pointer}") from None


def changed(model: Mixture, spec: str, changes: Iterable[Change]) -> Mixture:
    """Return the model after all changes; spec: what it was loaded by, for documents to name."""
    given = tuple(changes)
    for change in given:
        model = change.apply(model)
    if not given:
        return model
    start = spec if _PLAIN.fullmatch(spec) else model.name
    origin = " ".join([model.origin or start, *map(str, given)])
    return replace(model, origin=origin)


def as_changes(**texts: Iterable[str] | str | None) -> tuple[Change, ...]:
    """Return changes in the order in which the command line applies them: ``as_changes(fix=["mu = 0"], tie="Sigma")``.

    Raises ModelError for a kind that is none.
    """
    for kind in texts:
        if kind not in set(Kind):
            raise ModelError(f"no change is called {kind!r}; there are {', '.join(Kind)}")
    found: list[Change] = []
    for kind in Kind:
        value = texts.get(kind.value) or ()
        found += [Change(kind, text) for text in ((value,) if isinstance(value, str) else value)]
    return tuple(found)
