"""What is wrong with a change stands at its place in the text, with a caret below."""

import pytest

from derive.api import load
from derive.cli.main import main
from derive.errors import DeriveError

WRONG = [
    ("tie", "mu[2 = mu[1]", "       =", "']' is expected"),
    ("tie", "mu[k] = a + b*n", "              n", "an index of the model"),
    ("fix", "x = 0", "x", "is data"),
    ("fix", "sigma2 = -1", "         -1", "not known to lie in its domain"),
    ("prior", "theta ~ normal(0, 1)", "theta", "no symbol 'theta'"),
    ("prior", "mu ~ nrmal(0, 1)", "     nrmal(0, 1)", "did you mean 'normal'"),
    ("weights", "often", "often", "which weights"),
]


@pytest.mark.parametrize(("kind", "text", "place", "said"), WRONG)
def test_a_caret_stands_below_the_place(kind: str, text: str, place: str, said: str) -> None:
    with pytest.raises(DeriveError) as raised:
        getattr(load("gaussian-1d"), kind)(text)
    message, shown, caret = str(raised.value).split("\n    ")
    assert message.startswith(f"--{kind} ")
    assert said in message
    assert shown == text
    start = len(place) - len(place.lstrip())
    start = text.index(place.strip(), 0 if start < 7 else 5)
    assert caret == " " * start + "^" + "~" * (len(place.strip()) - 1)


def test_a_long_text_is_shown_where_it_matters() -> None:
    text = "mu[2] = " + " + ".join(["mu[1]"] * 40) + " + nu[1]"
    with pytest.raises(DeriveError) as raised:
        load("gaussian-1d").tie(text)
    _, shown, caret = str(raised.value).split("\n    ")
    assert len(shown) <= 90
    assert shown[caret.index("^") :].startswith("nu[1]")


def test_the_terminal_keeps_the_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "gaussian-1d", "--fix", "mu = 1 +"]) == 2
    assert capsys.readouterr().err.splitlines()[1:] == ["    mu = 1 +", "            ^"]
