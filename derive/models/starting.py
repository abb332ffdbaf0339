"""What a new model file is made of."""

import keyword
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from derive.errors import InputError
from derive.models.load import catalogue

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
LONGEST = 60


@dataclass(frozen=True)
class StartingView:
    """What the template of a model file sees: the model's name, and its file's as a command takes it."""

    name: str
    path: str


def starting_view(name: str, path: Path) -> StartingView:
    """Return the view of a file for a new model. Raises InputError for a name that cannot be one, or is taken."""
    if not _NAME.fullmatch(name) or len(name) > LONGEST:
        hint = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:LONGEST].strip("-")
        meant = f": {hint!r}?" if _NAME.fullmatch(hint) else ""
        raise InputError(
            f"{name!r} cannot name a model: use small letters, digits and single hyphens, {LONGEST} at most{meant}"
        )
    if name in catalogue():
        raise InputError(f"{name!r} names a model of the catalogue; choose another name")
    if keyword.iskeyword(name):
        raise InputError(f"{name!r} is a word of Python, which a module cannot be called; choose another name")
    text = str(path)
    if not text.isprintable():
        raise InputError(f"{text!r} cannot name a model file: it has characters that cannot be printed")
    return StartingView(name, shlex.quote(text))
