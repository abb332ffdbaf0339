"""Markdown that GitHub typesets: blocks of their own, no macro that it refuses, balanced."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from derive import api
from derive.proof import Derivation
from derive.rendering import render
from derive.rendering.markdown import escaped
from tests.rendering.test_listing import CODE

REFUSED = ("operatorname", "mbox", "phantom", "newcommand", "def", "require", "mathchoice", "href", "class", "hspace")
BLOCK = re.compile(r"^\$\$\n(.*?)\n\$\$$", re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module", params=["gaussian-full", "gaussian-1d", "gaussian-spherical"])
def shown(request: pytest.FixtureRequest) -> str:
    return render(api.load(request.param).derivation(), "markdown", code=CODE, digest="0123456789")


def test_no_macro_that_github_refuses(shown: str) -> None:
    assert [macro for macro in REFUSED if re.search(rf"\\{macro}\b", shown)] == []


def test_blocks_stand_apart_and_hold_no_markup_at_the_start_of_a_line(shown: str) -> None:
    assert shown.count("\n$$\n") == 2 * len(BLOCK.findall(shown))
    for block in BLOCK.findall(shown):
        assert "\n\n" not in block
        assert [line for line in block.splitlines() if line.startswith(("-", "+", "=", "#", ">", "*", "|"))] == []


def test_environments_and_braces_balance(shown: str) -> None:
    for block in BLOCK.findall(shown):
        assert block.count(r"\begin{aligned}") == block.count(r"\end{aligned}")
        assert block.count("{") == block.count("}")
        assert len(re.findall(r"\\left(?![a-z])", block)) == len(re.findall(r"\\right(?![a-z])", block))


def test_the_update_is_boxed(full: Derivation) -> None:
    assert r"\boxed{\mu_k = \frac{\sum_{n=1}^{N} \gamma_{nk} x_n}{\sum_{n=1}^{N} \gamma_{nk}}}" in render(
        full, "markdown"
    )


def test_code_stands_with_its_equation(full: Derivation) -> None:
    shown = render(full, "markdown", code=CODE)
    assert shown.index("## Equations and code") < shown.index("```python\nmeans = responsibilities.T")


def test_text_is_escaped() -> None:
    assert escaped("a_b *c* <d> [e](f) $g$ `h` |") == r"a\_b \*c\* \<d\> \[e\](f) \$g\$ \`h\` \|"


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed (texlive-latex-base)")
def test_every_formula_compiles(shown: str, tmp_path: Path) -> None:
    inline = [
        match for line in shown.splitlines() if line[:1] != "$" for match in re.findall(r"(?<!\\)\$([^$]+)\$", line)
    ]
    formulas = [rf"\[ {block} \]" for block in BLOCK.findall(shown)] + [f"${formula}$" for formula in inline]
    body = "\n\n".join(formulas)
    source = rf"\documentclass{{article}}\usepackage{{amsmath,amssymb}}\begin{{document}}{body}\end{{document}}"
    (tmp_path / "d.tex").write_text(source, "utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-draftmode", "d.tex"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, timeout=120)
    assert run.returncode == 0, run.stdout[-1500:].decode("utf-8", "replace")
