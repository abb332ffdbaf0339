"""What the documentation shows as the program's output is the program's output."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def build() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_build", ROOT / "docs" / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_every_written_document_is_current(build: ModuleType) -> None:
    stale = [path.name for path, text in build.documents().items() if path.read_text(encoding="utf-8") != text]
    assert not stale, f"`make docs` writes {', '.join(stale)} anew"


def test_no_document_is_left_over(build: ModuleType) -> None:
    written = {path for path in build.documents() if path.parent.name == "models"}
    assert set((ROOT / "docs" / "models").glob("*")) == written


def test_readme_shows_a_derivation_and_the_code_of_its_update(build: ModuleType) -> None:
    shown = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "μ_k = ∑_n γ_nk x_n / ∑_n γ_nk" in shown
    assert "def m_step(" in shown
    assert "-μ_k + x_n" not in shown
    assert build.BLOCK.findall(shown) == ["derivation of mu", "generated m_step", "check of ben.tex"]


def test_a_block_that_was_changed_by_hand_is_noticed(build: ModuleType) -> None:
    shown = (ROOT / "README.md").read_text(encoding="utf-8")
    forged = shown.replace("/ counts[:, np.newaxis]  #", "/ (counts[:, np.newaxis] - 1)  #")
    assert forged != shown
    assert build.BLOCK.sub(build._filled, forged) == shown
