"""Meanings of symbols that are given: in a document's front matter, or as an option."""

from collections.abc import Iterable, Mapping

from derive.checking.derivations.conventions import GREEK
from derive.checking.derivations.survey import key_of
from derive.checking.derivations.symbols import written
from derive.checking.derivations.vocabulary import GAMMA
from derive.checking.parsing.problems import ReadingError
from derive.checking.parsing.statements import parse_row
from derive.errors import InputError
from derive.models.mixture import Mixture


def read_meanings(given: Iterable[str]) -> dict[str, str]:
    r"""Read ``\phi=weights``. Raises InputError for one that has no equals sign."""
    found = {}
    for text in given:
        name, equals, meaning = text.partition("=")
        if not (name.strip() and equals and meaning.strip()):
            raise InputError(rf"--symbol {text!r}: write NAME=MEANING, as in '\phi=weights' or 'h=responsibilities'")
        found[name.strip()] = meaning.strip()
    return found


def by_key(given: Mapping[str, str], model: Mixture) -> dict[str, str]:
    r"""Return what names mean, by the letter that \phi_k or \mathcal{L} stands for.

    Raises InputError for a name that is no symbol, and for a meaning that the model does not have.
    """
    meanings = {GAMMA} | {name for family in model.families for name in (family.name, family.code)}
    found = {}
    for name, meaning in given.items():
        if meaning not in meanings:
            raise InputError(
                f"symbols: {name} = {meaning!r}: {model.name} has {', '.join(sorted(meanings))}; choose one of them"
            )
        found[_key(name)] = meaning
    return found


def _key(name: str) -> str:
    bare = name.strip("$ ")
    try:
        side = parse_row(f"\\{bare}" if bare in GREEK else bare)[0].sides[0]
    except ReadingError as error:
        raise InputError(f"symbols: {name!r} is no symbol: {error}") from None
    symbol = None if side is None else written(side)
    if symbol is None:
        raise InputError(rf"symbols: {name!r} is no symbol; write one such as '\phi' or 'r'")
    return key_of(symbol.name)
