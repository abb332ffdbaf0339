"""What a changed model is called."""

import re

from derive.models.mixture import Mixture


def renamed(model: Mixture, verb: str, *what: object) -> str:
    """Return the model's name with the change behind it, such as ``gaussian-full-tied-sigma``."""
    words = (re.sub(r"[^\w]+|_", "-", str(part)).strip("-").lower() for part in (verb, *what))
    return "-".join([model.name, *(word for word in words if word)])


def described(model: Mixture, words: str) -> str:
    """Return the model's summary with the change behind it."""
    return f"{model.summary}; {words}" if model.summary else words
