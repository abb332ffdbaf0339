"""Right derivations in other hands and notations: no false alarm, and their results are seen."""

from pathlib import Path

import pytest

from derive.checking.derivations.check import check_document
from derive.checking.derivations.outcome import Verdict
from derive.checking.parsing.documents import read_document, read_text

CORPUS = sorted((Path(__file__).parent / "corpus").iterdir())
NOT_READ = {"wikipedia.md": 1}  # a sum that names single components by their numbers


@pytest.mark.parametrize("path", CORPUS, ids=[path.name for path in CORPUS])
def test_a_right_derivation_is_right(path: Path) -> None:
    feedback = check_document(read_document(path))
    assert [(row.line, row.says) for row in feedback.rows if row.verdict in (Verdict.WRONG, Verdict.FOLLOWS)] == []
    assert sum(row.verdict is Verdict.UNCHECKED for row in feedback.rows) == NOT_READ.get(path.name, 0)
    states = dict(feedback.results).values()
    assert "right" in states
    assert "wrong" not in states


def _verdicts(text: str) -> list[Verdict]:
    return [row.verdict for row in check_document(read_text(text, "markdown", "text")).rows]


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        (r"N_k = \sum_n \gamma_{nk}", Verdict.RIGHT),
        (r"N_k = \sum_k \gamma_{nk}", Verdict.WRONG),
        (r"\sum_k \gamma_{nk} = 1", Verdict.RIGHT),
        (r"\sum_n \gamma_{nk} = 1", Verdict.WRONG),
        (r"N_k > 0", Verdict.RIGHT),
        (r"\gamma_{nk} = \gamma_{kn}", Verdict.WRONG),
        (r"|\Sigma_k^{-1}| = |\Sigma_k|^{-1}", Verdict.RIGHT),
        (r"|2\Sigma_k| = 2|\Sigma_k|", Verdict.WRONG),
        (r"\log|\Sigma_k^{-1}| = -\log\det\Sigma_k", Verdict.RIGHT),
        (r"\frac{\partial}{\partial\Sigma_k}\log|\Sigma_k| = \Sigma_k^{-1}", Verdict.RIGHT),
        (
            r"\frac{\partial}{\partial\Sigma_k}\log|\Sigma_k| = 2\Sigma_k^{-1}-\mathrm{diag}(\Sigma_k^{-1})",
            Verdict.NOTICE,
        ),
        (r"\frac{\partial}{\partial\Sigma_k}\log|\Sigma_k| = |\Sigma_k|^{-1}", Verdict.WRONG),
        (r"\mathrm{tr}(\Sigma_k^{-1}\mu_k\mu_k^T) = \mu_k^T\Sigma_k^{-1}\mu_k", Verdict.RIGHT),
        (r"(x_n-\mu_k)^T(x_n-\mu_k) = (x_n-\mu_k)(x_n-\mu_k)^T", Verdict.WRONG),
        (r"\Sigma_k = \frac{1}{N_k}\sum_n \gamma_{nk} x_n x_n^T - \mu_k\mu_k^T", Verdict.RIGHT),
        (r"\Sigma_k = \frac{1}{N_k}\sum_n \gamma_{nk} (x_n-\mu_k^{old})(x_n-\mu_k^{old})^T", Verdict.WRONG),
        (r"\zeta_7 = \aleph(x)", Verdict.UNCHECKED),
    ],
)
def test_single_rows(row: str, verdict: Verdict) -> None:
    assert _verdicts(f"With $\\gamma_{{nk}}$ given:\n\n$${row}$$\n") == [verdict]


def test_a_symbol_can_be_explained() -> None:
    text = "---\nsymbols:\n  \\zeta: weights\n---\n$$\\zeta_k = \\frac{1}{N}\\sum_n \\gamma_{nk}$$\n"
    feedback = check_document(read_text(text, "markdown", "text"))
    assert dict(feedback.results)["weights"] == "right"
