"""A derivation in Markdown with mathematics as GitHub shows it.

GitHub's MathJax refuses some macros (operatorname, phantom, mbox); none of them is used. Each formula is a block of its
own between lines of dollar signs, in which Markdown leaves underscores alone.
"""

import re
from collections.abc import Iterator

from derive.rendering.document import Document, Equation, Part
from derive.rendering.latex_style import latex
from derive.rendering.prose import Prose
from derive.rendering.references import described
from derive.rendering.setting import SetEquation, set_chain

ROOTS = r"$A^{1/2}$ is any matrix $C$ with $C C^T = A$."
WIDTH = 44.0  # ems of GitHub's column
SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|$~])")


def markdown(document: Document) -> str:
    """The whole document."""
    lines = [f"# EM for `{document.model}`", "", inline(document.summary), "", f"{document.headline}."]
    for part in document.parts:
        lines += _part(part)
    if document.uses_roots:
        lines += ["", ROOTS]
    if any(equation.code for part in document.parts for equation in part.equations):
        lines += ["", "## Equations and code", *_code(document)]
    if document.works:
        lines += ["", "## References", "", *(f"- {escaped(described(work))}" for work in document.works)]
    return "\n".join(lines).rstrip() + "\n"


def inline(words: Prose) -> str:
    """Words with their symbols between dollar signs."""
    return "".join(escaped(part) if isinstance(part, str) else f"${latex(part)}$" for part in words)


def escaped(text: str) -> str:
    """Text in which nothing is taken for markup."""
    return SPECIAL.sub(r"\\\1", text)


def part_text(part: Part) -> str:
    """One section."""
    return "\n".join(_part(part)).strip()


def _part(part: Part) -> Iterator[str]:
    yield from ("", f"## {inline(part.title)}")
    if part.words:
        yield from ("", inline(part.words))
    for chain in part.chains:
        yield from ("", "$$", r"\begin{aligned}")
        rows = [row for equation in set_chain(chain, WIDTH) for row in _rows(equation)]
        yield from (row + r" \\" for row in rows[:-1])
        yield from (rows[-1], r"\end{aligned}", "$$", "")
        yield from (_note(equation) for equation in chain)


def _rows(equation: SetEquation) -> Iterator[str]:
    for i, line in enumerate(equation.lines):
        number = rf"\text{{({equation.equation.number})}}" if i == 0 else ""
        left = latex(line.left) + (r" \quad" if equation.boxed else "") if line.left is not None else ""
        right = latex(line.right)
        right = rf"\boxed{{{right}}}" if equation.boxed else rf"\qquad {right}" if line.hanging else right
        yield f"{number} && {left} & {right}".strip()


def _note(equation: Equation) -> str:
    parts = [inline(equation.words)] if equation.words else []
    if equation.assumptions:
        parts.append("needs " + ", ".join(map(inline, equation.assumptions)))
    if equation.citation:
        parts.append(f"*{escaped(equation.citation)}*")
    mark = "✓" if equation.step.certificate else "✗"
    return f"- ({equation.number}) {'; '.join(parts)} — {mark} {equation.certificate}"


def _code(document: Document) -> Iterator[str]:
    for part in document.parts:
        for equation in part.equations:
            if equation.code:
                formula = latex(equation.whole if equation.left is not None else equation.right)
                yield from ("", f"({equation.number})", "", "$$", formula, "$$", "")
                yield from ("```python", equation.code.text, "```")
