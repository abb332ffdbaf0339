"""Writes what in the documentation is the program's output: docs/models/, references.bib, blocks of README.md."""

import re
import sys
from functools import cache
from pathlib import Path

import derive
from derive.rendering.references import bibtex

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r"<!-- output: (?P<name>.*?) -->\n.*?<!-- end -->", re.DOTALL)
SHOWN = "gaussian-full"


def documents() -> dict[Path, str]:
    """Path -> text of every file that this writes."""
    texts = {ROOT / "docs" / "models" / f"{name}.md": _model(name).show("markdown") for name in derive.catalogue()}
    texts[ROOT / "docs" / "references.bib"] = bibtex()
    readme = ROOT / "README.md"
    return texts | {readme: BLOCK.sub(_filled, readme.read_text(encoding="utf-8"))}


@cache
def _model(name: str) -> derive.Model:
    return derive.load(name)


def _filled(block: re.Match[str]) -> str:
    name = block["name"]
    language, text = {"derivation of mu": ("", _mean()), "generated m_step": ("python", _m_step())}[name]
    return f"<!-- output: {name} -->\n```{language}\n{text}\n```\n<!-- end -->"


def _mean() -> str:
    """The section on the first parameter, as the terminal shows it."""
    shown = _model(SHOWN).show("terminal")
    section = shown[shown.index("M-step for μ_k") : shown.index("M-step for Σ_k")]
    return section.rstrip()


def _m_step() -> str:
    """The generated function, without its docstring."""
    code = _model(SHOWN).generate()
    function = code[code.index("def m_step") : code.index("def log_likelihood")].rstrip()
    return re.sub(r'    """.*?"""\n', "", function, count=1, flags=re.DOTALL)


def main() -> None:
    """Write every file that is not current."""
    for path, text in documents().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"wrote {path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
