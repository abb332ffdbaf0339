"""A derivation as a LaTeX document that compiles as it is: amsmath, amssymb, geometry, references included."""

from collections.abc import Iterator

from derive.rendering.document import Document, Equation, Part
from derive.rendering.latex_style import latex as spelled
from derive.rendering.latex_text import code_line, escaped, inline
from derive.rendering.references import described
from derive.rendering.setting import SetEquation, set_chain

WIDTH = 36.0  # ems of the column, less the equation number
PREAMBLE = r"""\documentclass[11pt,a4paper]{article}
\usepackage[utf8]{inputenc}
\IfFileExists{lmodern.sty}{\usepackage[T1]{fontenc}\usepackage{lmodern}}{}
\usepackage{amsmath,amssymb}
\usepackage[margin=24mm]{geometry}
\setlength{\parindent}{0pt}
\setlength{\parskip}{0.5em plus 0.2em}
\allowdisplaybreaks
\AtBeginDocument{\setlength{\abovedisplayskip}{3pt plus 2pt}\setlength{\belowdisplayskip}{3pt plus 2pt}%
  \setlength{\abovedisplayshortskip}{3pt plus 2pt}\setlength{\belowdisplayshortskip}{3pt plus 2pt}}
\emergencystretch=3em
\newcommand{\certificate}[1]{%
  \unskip\nobreak\hfill\penalty50\hskip1em\hbox{}\nobreak\hfill\hbox{\footnotesize\itshape #1}}
\newcommand{\reason}[1]{{\small #1}}
"""


def latex(document: Document) -> str:
    """The whole document."""
    title = rf"EM for \texttt{{{escaped(document.model)}}}"
    lines = [PREAMBLE, rf"\title{{{title}}}", rf"\author{{{inline(document.summary)}}}"]
    lines += [rf"\date{{{escaped(document.headline)}}}", r"\begin{document}", r"\maketitle"]
    for part in document.parts:
        lines += _part(part)
    if document.uses_roots:
        lines += ["", r"$A^{1/2}$ is any matrix $C$ with $C C^T = A$."]
    if any(equation.code for part in document.parts for equation in part.equations):
        lines += ["", r"\section*{Equations and code}", *_code(document)]
    if document.works:
        lines += ["", rf"\begin{{thebibliography}}{{{len(document.works)}}}"]
        lines += [rf"\bibitem{{{work.key}}} {escaped(described(work))}" for work in document.works]
        lines += [r"\end{thebibliography}"]
    return "\n".join([*lines, r"\end{document}"]) + "\n"


def _part(part: Part) -> Iterator[str]:
    yield from ("", rf"\section*{{{inline(part.title)}}}")
    if part.words:
        yield from (inline(part.words), "")
    for chain in part.chains:
        first, *others = set_chain(chain, WIDTH)
        yield from ("", _reason(first.equation), r"\begin{align*}")
        yield from _rows(first, last=not others)
        for i, equation in enumerate(others):
            yield rf"\intertext{{{_reason(equation.equation)}}}"
            yield from _rows(equation, last=i == len(others) - 1)
        yield r"\end{align*}"


def _reason(equation: Equation) -> str:
    parts = [inline(equation.words)] if equation.words else []
    if equation.assumptions:
        parts.append("needs " + ", ".join(map(inline, equation.assumptions)))
    if equation.citation:
        parts.append(escaped(equation.citation))
    mark = r"$\checkmark$ " if equation.step.certificate else r"$\times$ "
    return rf"\reason{{{'; '.join(parts)}\certificate{{{mark}{escaped(equation.certificate)}}}}}"


def _rows(equation: SetEquation, *, last: bool) -> Iterator[str]:
    for i, line in enumerate(equation.lines):
        left = spelled(line.left) + (r" \; " if equation.boxed else " ") if line.left is not None else ""
        right = spelled(line.right)
        right = rf"\boxed{{{right}}}" if equation.boxed else rf"\qquad {right}" if line.hanging else right
        tag = rf" \tag{{{equation.equation.number}}}" if i == 0 else ""
        end = "" if last and i == len(equation.lines) - 1 else r" \\"
        yield f"{left}& {right}{tag}{end}"


def _code(document: Document) -> Iterator[str]:
    for part in document.parts:
        for equation in part.equations:
            if equation.code:
                yield r"\begin{align*}"
                sides = set_chain((equation,), WIDTH)[0]
                yield from _rows(sides, last=True)
                yield from (r"\end{align*}", r"\begin{flushleft}\fontsize{7.5}{10}\selectfont")
                yield "\\\\\n".join(map(code_line, equation.code.text.splitlines()))
                yield r"\end{flushleft}"
