"""The LaTeX document compiles, and no line of it runs over the margin."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from derive import api
from derive.rendering import render
from tests.rendering.test_listing import CODE

MODELS = ("gaussian-full", "gaussian-tied", "gaussian-diagonal", "gaussian-spherical", "gaussian-1d")
needs_latex = pytest.mark.skipif(
    shutil.which("pdflatex") is None, reason="pdflatex is not installed (texlive-latex-base)"
)


@needs_latex
@pytest.mark.parametrize("model", MODELS)
def test_it_compiles_without_overfull_lines(model: str, tmp_path: Path) -> None:
    code = CODE + "# (1) ∑_n γ_nk ‖x‖² ≤ ½ — ü 中 {}%$#&^~\\ \n"
    (tmp_path / "d.tex").write_text(
        render(api.load(model).derivation(), "latex", code=code, digest="01234567"), "utf-8"
    )
    run = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "d.tex"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        timeout=120,
    )
    log = (tmp_path / "d.log").read_text("utf-8", errors="replace")
    assert run.returncode == 0, log[-2000:]
    assert [float(over) for over in re.findall(r"Overfull \\hbox \(([\d.]+)pt", log) if float(over) > 20] == []
    assert "Undefined control sequence" not in log
    assert (tmp_path / "d.pdf").stat().st_size > 50_000


def test_one_file_is_enough() -> None:
    shown = render(api.load("gaussian-1d").derivation(), "latex")
    assert r"\bibitem{bishop2006}" in shown
    assert not re.search(r"\\(input|include|bibliography|includegraphics)\b", shown)
    assert shown.startswith("\\documentclass")
    assert shown.endswith("\\end{document}\n")
