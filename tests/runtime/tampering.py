"""Files in JSON that somebody has changed."""

import json
from pathlib import Path
from typing import Any


def change(path: Path, place: tuple[Any, ...], value: Any) -> None:
    """Put a value at a place, the keys that lead to it, of a file in JSON."""
    content = json.loads(path.read_text())
    part = content
    for key in place[:-1]:
        part = part[key]
    part[place[-1]] = value
    path.write_text(json.dumps(content))
