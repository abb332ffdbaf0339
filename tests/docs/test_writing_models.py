"""The guide to writing models: a file raises each message that it explains, and its examples can be written."""

import re
from pathlib import Path

import pytest

import derive
from derive.models.run_file import run_file
from tests.docs.bad_models import BAD, TOP

PAGE = (Path(__file__).parents[2] / "docs" / "writing-models.md").read_text(encoding="utf-8")
REFUSALS = PAGE[PAGE.index("## When it is refused") :]
MESSAGES = re.findall(r"^\| `(.*?)` \|", REFUSALS, re.MULTILINE)
EXAMPLES = re.findall(r"^\| `.*?` \| .* \| `(.*)` \|$", PAGE[: PAGE.index("## A closed update")], re.MULTILINE)

DECLARED = """from derive import *
n, k, d = Index("n", "N"), Index("k", "K"), Index("d", "C")
D = Dimension("D")
x, y, c = Data("x", n, shape=D), Data("y", n), Data("c", n, domain=Count)
t = Known("t", n, domain=Count)
mu, a, b = Parameter("mu", k, shape=D), Parameter("a", k), Parameter("b", k)
a0, b0 = Parameter("a0"), Parameter("b0")
lam, theta = Parameter("lam", k, domain=Positive), Parameter("theta", k, d, domain=Probability)
Sigma = Parameter("Sigma", k, domain=PositiveDefinite(D))
"""


def test_every_message_of_the_table_has_a_file_that_raises_it() -> None:
    assert sorted(MESSAGES) == sorted(BAD)


@pytest.mark.parametrize("message", BAD)
def test_a_bad_model_gets_the_message(message: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.py"
    path.write_text(TOP + BAD[message])
    pattern = ".*".join(re.escape(part) for part in message.split("…"))
    with pytest.raises(derive.DeriveError, match=pattern) as caught:
        derive.load(path).derivation()
    assert "\n" not in str(caught.value)
    if not isinstance(caught.value, derive.errors.NoClosedFormError):
        assert "bad.py" in str(caught.value)


def test_every_word_of_the_language_is_in_the_table() -> None:
    rows = re.findall(r"^\| `(\w+)", PAGE[: PAGE.index("## A closed update")], re.MULTILINE)
    assert set(rows) == set(derive.__all__) - {"DeriveError", "Mixture", "Model", "catalogue", "load"}


def test_the_examples_of_the_table_can_be_written(tmp_path: Path) -> None:
    assert len(EXAMPLES) > 40
    path = tmp_path / "examples.py"
    path.write_text(DECLARED + "\n".join(EXAMPLES))
    run_file(path)


def test_the_shown_models_are_whole() -> None:
    files = re.findall(r"<!-- file: (\S+) -->", PAGE)
    assert len(files) == 3
    for file in files:
        assert f"$ derive verify {file}" in PAGE
        assert re.search(rf"<!-- output: code of {re.escape(file)} -->\n```python\n.*?# \(", PAGE, re.DOTALL)
    assert PAGE.count("all 9 checks passed") == 3
