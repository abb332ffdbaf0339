"""A handed-in derivation, checked row by row."""

from collections.abc import Mapping
from functools import lru_cache

from derive.checking.derivations.blame import with_wrong_definitions
from derive.checking.derivations.judged import Judged
from derive.checking.derivations.outcome import Feedback, Verdict
from derive.checking.derivations.remarks import remarks
from derive.checking.derivations.walk import Walk
from derive.checking.parsing.written import Document
from derive.em.derive import derive_em
from derive.models.load import load_model
from derive.models.mixture import Mixture
from derive.proof.derivation import Derivation

DEFAULT_MODEL = "gaussian-full"


def check_document(
    document: Document, model: Mixture | None = None, symbols: Mapping[str, str] | None = None
) -> Feedback:
    """Judge every row of a document and say which results it reaches.

    model: by default the one that the document's front matter names, else gaussian-full. symbols: what names mean,
    beside those of the front matter: {"phi": "weights", "h": "responsibilities"}. Raises DeriveError where the model
    cannot be derived.
    """
    model = model or load_model(document.model or DEFAULT_MODEL)
    walk = Walk(document, model, derived(model), symbols or {})
    judged = with_wrong_definitions(walk, walk.run())
    return Feedback(
        document.name,
        model.name,
        tuple(one.row for one in judged),
        walk.results.summary(),
        tuple(remarks(walk.document, walk.survey, walk.vocabulary)) if _read(judged) else (),
        walk.prose,
    )


def _read(judged: list[Judged]) -> bool:
    """Whether any row could be read."""
    return any(one.row.verdict is not Verdict.UNCHECKED for one in judged)


@lru_cache(maxsize=8)
def derived(model: Mixture) -> Derivation:
    """Return a model's derivation, made once."""
    return derive_em(model)
