"""Hand-ins that would keep a computer busy or crash it: each is answered, and none is called right."""

import pytest

from derive.checking.derivations.check import check_document
from derive.checking.derivations.outcome import Verdict
from derive.checking.parsing.documents import read_text

HOSTILE = {
    "deep": "$$" + "(" * 3000 + "N" + ")" * 3000 + " = 1$$",
    "tower": "$$9^{9^{9^9}} = 1$$",
    "powers of powers": "$$2^{2^{2^{2^{2^{2}}}}} = 2$$",
    "a large exponent": "$$N^{9999999999} = N$$",
    "a power of a matrix": r"$$\Sigma_k^{1000000} = \Sigma_k$$",
    "exponentials of exponentials": r"$$\exp(\exp(\exp(\exp(1000)))) = 1$$",
    "a definition of itself": "$$a = a + 1$$",
    "definitions in a circle": "$$b = c$$ $$c = b$$",
    "division by zero": r"$$\frac{1}{0} = N$$",
    "log of zero": r"$$\log 0 = N$$",
    "many terms": "$$N = " + "+".join(["1"] * 20000) + "$$",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_it_is_answered_and_never_right(text: str) -> None:
    rows = check_document(read_text(text, "markdown", "hostile")).rows
    assert rows
    assert {row.verdict for row in rows} <= {Verdict.UNCHECKED, Verdict.WRONG}
