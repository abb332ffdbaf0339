"""Names that a document gives itself are what it says, whatever letter they have; a front matter names symbols."""

import pytest

from derive.checking.derivations.check import check_document
from derive.checking.derivations.outcome import Verdict
from derive.checking.parsing.documents import read_text
from derive.errors import InputError

NORMALISED = r"""With responsibilities $\gamma_{nk}$, the normalised weights are $NAME_{nk} = \gamma_{nk} / N_k$.

$$\hat\mu_k = \sum_n NAME_{nk} x_n$$
$$\hat\Sigma_k = \sum_n NAME_{nk} (x_n - \hat\mu_k)(x_n - \hat\mu_k)^T$$
"""
WEIGHTS = """---
symbols:
  NAME: weights
---
$$\\phi_k = \\frac{1}{N} \\sum_n \\gamma_{nk}$$
"""


def _verdicts(text: str) -> list[Verdict]:
    return [row.verdict for row in check_document(read_text(text, "markdown", "text")).rows]


@pytest.mark.parametrize("name", ["w", "p", "z", "h", "q", "a", r"\alpha", r"\tau", r"\tilde\gamma", r"\rho"])
def test_a_definition_counts_more_than_the_letter(name: str) -> None:
    assert _verdicts(NORMALISED.replace("NAME", name)) == [Verdict.RIGHT] * 3


@pytest.mark.parametrize("name", ["w", r"\tilde\gamma", "p"])
def test_and_what_it_says_is_what_is_judged(name: str) -> None:
    text = NORMALISED.replace("NAME", name).replace(
        r"\sum_n " + name + "_{nk} x_n", r"\sum_n N_k " + name + "_{nk} x_n"
    )
    assert _verdicts(text) == [Verdict.RIGHT, Verdict.WRONG, Verdict.RIGHT]


@pytest.mark.parametrize("name", ["phi", r"\phi", r"$\phi$"])
def test_a_greek_letter_is_named_with_or_without_its_backslash(name: str) -> None:
    assert _verdicts(WEIGHTS.replace("NAME", name)) == [Verdict.RIGHT]


def test_a_word_is_no_symbol() -> None:
    with pytest.raises(InputError, match="no symbol"):
        _verdicts(WEIGHTS.replace("NAME", "weight of k"))


@pytest.mark.parametrize(("factor", "verdict"), [("", Verdict.RIGHT), ("2", Verdict.WRONG)])
def test_an_estimate_with_a_hat_is_the_parameter(factor: str, verdict: Verdict) -> None:
    text = rf"""---
model: bernoulli
---
$$\hat\mu_{{kd}} = {factor} \frac{{\sum_i r_{{ik}} x_{{id}}}}{{\sum_i r_{{ik}}}}$$
"""
    assert _verdicts(text) == [verdict]
