"""The one place where these tests get a generated module from."""

import importlib
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "generated"


def file_name(name: str) -> str:
    """The file of a model: `gaussian-full` is in `gaussian_full.py`."""
    return name.replace("-", "_") + ".py"


def module(name: str) -> Any:
    """The generated module of a catalogue model, imported as a user would."""
    return importlib.import_module("derive.generated." + file_name(name).removesuffix(".py"))
