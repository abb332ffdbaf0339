"""How files differ from what would be written, as unified diffs."""

import difflib
from dataclasses import dataclass
from pathlib import Path

from derive.cli.plan import Plan


@dataclass(frozen=True)
class Difference:
    """kind: "stale", "missing" or "left over". text: a unified diff that would make the file current."""

    path: Path
    kind: str
    text: str


def differences(plan: Plan) -> list[Difference]:
    """Every file that is not current, by path; for a whole catalogue also modules in its folder that nobody makes."""
    expected: dict[Path, str | None] = dict(plan.files)
    if plan.whole and plan.folder.is_dir():
        present = sorted(plan.folder.glob("*.py"))
        expected |= {path: None for path in present if path not in expected and path.name != "__init__.py"}
    found = []
    for path, text in sorted(expected.items()):
        committed = _read(path)
        if committed == text:
            continue
        kind = "missing" if committed is None else "left over" if text is None else "stale"
        found.append(Difference(path, kind, _diff(path, committed, text)))
    return found


def _read(path: Path) -> str | None:
    """The file's text with the line ends that it has; None where there is no file."""
    return path.read_bytes().decode(errors="replace") if path.is_file() else None


def _diff(path: Path, committed: str | None, rendered: str | None) -> str:
    old = (committed or "").splitlines(keepends=True)
    new = (rendered or "").splitlines(keepends=True)
    before = "/dev/null" if committed is None else f"a/{path}"
    after = "/dev/null" if rendered is None else f"b/{path}"
    lines = list(difflib.unified_diff(old, new, before, after))
    if not lines:  # an empty file that should not be there, or one that should
        lines = [f"--- {before}\n", f"+++ {after}\n"]
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
