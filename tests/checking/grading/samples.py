"""Folders of hand-ins, and an assignment."""

from pathlib import Path

ASSIGNMENT = """\
title = "EM for the mixture"
model = "gaussian-full"
hints = "where"

[asked]
results = ["means", "weights"]

[points]
results = { means = 3, weights = 2 }
rows = 5

[limits]
seconds = 20
"""


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Write files by their names, folders included."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
    return folder
