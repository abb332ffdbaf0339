"""Citations: from the source of a step ("petersen2012: (57)") to words, and the list of references of a document."""

import re
from collections.abc import Iterable

from derive.errors import ModelError
from derive.rendering.bibliography import WORKS, Work

BY_KEY = {work.key: work for work in WORKS}
SOURCE = re.compile(r"(?P<key>[a-z]+\d{4})\s*(?::\s*(?P<place>.*))?", re.DOTALL)


def cited(source: str) -> tuple[Work, str]:
    """The work that a source names, and the place in it ("" for none). Raises ModelError for a key that is unknown."""
    match = SOURCE.fullmatch(source.strip())
    if match is None or match["key"] not in BY_KEY:
        raise ModelError(f"the source {source!r} cites no known work; there are: {', '.join(BY_KEY)}")
    return BY_KEY[match["key"]], (match["place"] or "").strip()


def citation(source: str) -> str:
    """A citation in words: "Matrix Cookbook, eq. (57)"; "" for no source. Several are separated by semicolons."""
    return "; ".join(_one(part) for part in source.split(";") if part.strip())


def _one(source: str) -> str:
    work, place = cited(source)
    if not place:
        return work.label
    return f"{work.label}, eq. {place}" if place.startswith("(") else f"{work.label}, {place}"


def works(sources: Iterable[str]) -> tuple[Work, ...]:
    """The works cited by any of the sources, in the order of the bibliography."""
    keys = {cited(part)[0].key for source in sources for part in source.split(";") if part.strip()}
    return tuple(work for work in WORKS if work.key in keys)


def described(work: Work) -> str:
    """A work as one line of a list of references, in plain text."""
    authors = [" ".join(reversed(name.split(", "))) for name in _people(work).split(" and ")]
    listed = authors[0] if len(authors) == 1 else f"{', '.join(authors[:-1])} and {authors[-1]}"
    edition = f"{work.field('edition')} edition" if work.field("edition") else ""
    journal = " ".join(filter(None, (work.field("journal"), work.field("volume"))))
    issue = f"({work.field('number')})" if work.field("number") else ""
    within = f"In {work.field('booktitle')}" if work.field("booktitle") else ""
    pages = work.field("pages").replace("--", "–")
    place = ", ".join(filter(None, (within, journal + issue, edition, pages)))
    house = work.field("publisher") or work.field("institution")
    return ". ".join(filter(None, (f"{listed} ({work.field('year')})", work.field("title"), place, house))) + "."


def _people(work: Work) -> str:
    return work.field("author") or work.field("editor")


def bibtex() -> str:
    """The whole bibliography in BibTeX: the text of docs/references.bib."""
    return "\n".join(_entry(work) for work in WORKS)


def _entry(work: Work) -> str:
    width = max(len(name) for name, _ in work.fields)
    lines = "".join(f"  {name.ljust(width)} = {{{value}}},\n" for name, value in work.fields)
    return f"@{work.kind}{{{work.key},\n{lines}}}\n"
