"""The front matter of a document, between two lines of dashes: its model, and what its symbols mean."""

import re
from dataclasses import dataclass, field, replace

ENTRY = re.compile(
    r"^(?P<indent>[ \t]*)(?:-[ \t]+)?(?P<key>\"[^\"]*\"|'[^']*'|[^:#]+?)[ \t]*:(?:[ \t]+(?P<value>.*))?$"
)
MOST_LINES = 500
MOST_WIDTH = 1000


@dataclass(frozen=True)
class FrontMatter:
    """What stands before the document. lines: how many lines it takes, 0 if there is none."""

    model: str = ""
    symbols: dict[str, str] = field(default_factory=dict)
    lines: int = 0


def front_matter(text: str) -> FrontMatter:
    """Read a mapping of keys to values, one of them itself a mapping: a small part of YAML, nothing of it executed."""
    lines = text.split("\n", MOST_LINES)[:MOST_LINES]
    first = next((number for number, line in enumerate(lines) if line.strip("\ufeff \t\r")), None)
    if first is None or lines[first].strip("\ufeff \t\r") != "---":
        return FrontMatter()
    last = next((n for n, line in enumerate(lines) if n > first and line.strip() in {"---", "..."}), None)
    if last is None:
        return FrontMatter()
    model, symbols, section = "", {}, ""
    for line in lines[first + 1 : last]:
        found = ENTRY.match(line.rstrip()) if len(line) < MOST_WIDTH else None
        if found is None or line.lstrip().startswith("#"):
            continue
        key, value = _plain(found["key"]), _plain(found["value"] or "")
        if found["indent"] and section == "symbols":
            symbols[key] = value
        elif not found["indent"]:
            section = key
            if key == "model":
                model = value
            elif key == "symbols" and value.startswith("{"):
                symbols |= _flow(value)
    if not _is_mapping(lines[first + 1 : last]):
        return FrontMatter()
    return FrontMatter(model, symbols, last + 1)


def front_comments(text: str) -> FrontMatter:
    """Read front matter in LaTeX: as in Markdown, or in the comments with which the document begins (% model: NAME)."""
    found = front_matter(text)
    if found.lines:
        return found
    comments = []
    for line in text.split("\n", MOST_LINES)[:MOST_LINES]:
        if not line.lstrip().startswith("%"):
            break
        comments.append(line.lstrip().removeprefix("%").removeprefix(" "))
    return replace(front_matter("\n".join(("---", *comments, "---"))), lines=0)


def _is_mapping(lines: list[str]) -> bool:
    """Whether what stands between the dashes is a mapping, and no text between two rules."""
    written = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    return bool(written) and len(written[0]) < MOST_WIDTH and ENTRY.match(written[0].rstrip()) is not None


def _plain(text: str) -> str:
    """Return a value without its quotes or the remark behind it."""
    text = text.strip()
    if text[:1] in {'"', "'"} and (end := text.find(text[0], 1)) > 0:
        quoted = text[1:end]
        return quoted.replace("\\\\", "\\") if text[0] == '"' else quoted
    return re.sub(r"\s#.*$", "", text).strip()


def _flow(text: str) -> dict[str, str]:
    """Read {a: b, c: d}."""
    pairs = (pair.partition(":") for pair in text.strip("{} ").split(","))
    return {_plain(key): _plain(value) for key, mark, value in pairs if mark}
