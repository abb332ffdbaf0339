"""The digest of a derivation: SHA-256 of the model and the steps, without certificates, seeds or versions."""

import hashlib
import json
from dataclasses import replace

from derive.proof.codec import encode
from derive.proof.derivation import Derivation


def digest(derivation: Derivation) -> str:
    """Return 64 hexadecimal digits that change with any formula, rule or word of the derivation."""
    sections = tuple(
        replace(section, steps=tuple(replace(step, certificate=None) for step in section.steps))
        for section in derivation.sections
    )
    document = encode(replace(derivation, sections=sections))
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()
