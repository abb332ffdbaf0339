"""Words and code spelled in LaTeX: nothing in them is taken for a command, and symbols become mathematics."""

import unicodedata

from derive.rendering.latex_style import latex
from derive.rendering.names import GREEK_OF_LETTER
from derive.rendering.prose import Prose

SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "–": "--",
    "—": "---",
    "’": "'",
    "\u00a0": "~",
}
SYMBOLS = {
    "✓": r"\checkmark",
    "✗": r"\times",
    "−": "-",
    "·": r"\cdot",
    "×": r"\times",
    "∑": r"\sum",
    "∂": r"\partial",
    "√": r"\surd",
    "‖": r"\|",
    "≤": r"\leq",
    "≥": r"\geq",
    "≠": r"\neq",
    "⇔": r"\Leftrightarrow",
    "⇒": r"\Rightarrow",
    "→": r"\to",
    "∈": r"\in",
    "∞": r"\infty",
    "½": r"\tfrac{1}{2}",
    "ᵀ": "{}^{T}",
    "′": "'",
    "ℓ": r"\ell",
    "ℒ": r"\mathcal{L}",
    "ℱ": r"\mathcal{F}",
    "𝒥": r"\mathcal{J}",
    "𝔼": r"\mathbb{E}",
}
RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-", strict=True))
LAST_LATIN = "\u017f"  # accented letters up to here can be composed in any font


def inline(words: Prose) -> str:
    """Words with their symbols in inline mathematics."""
    return "".join(escaped(part) if isinstance(part, str) else f"${latex(part)}$" for part in words)


def escaped(text: str) -> str:
    """Text as LaTeX; a character that no font here holds is spelled by its name."""
    return "".join(map(_character, text))


def code_line(line: str) -> str:
    """A line of code in typewriter letters, its blanks kept."""
    return rf"\texttt{{{escaped(line).replace(' ', '~').replace('--', '-{}-')}}}" if line.strip() else r"\mbox{}"


def _character(char: str) -> str:
    if char in SPECIAL:
        return SPECIAL[char]
    if char in SYMBOLS:
        return rf"\ensuremath{{{SYMBOLS[char]}}}"
    if char in RAISED:
        return rf"\ensuremath{{{{}}^{{{RAISED[char]}}}}}"
    if char in GREEK_OF_LETTER:
        return rf"\ensuremath{{\{GREEK_OF_LETTER[char]}}}"
    if char.isascii() or char in "ßæÆøØåÅ" or (char <= LAST_LATIN and unicodedata.decomposition(char)):
        return char
    if char.isspace() or unicodedata.combining(char):
        return " " if char.isspace() else ""
    return f"[{unicodedata.name(char, f'U+{ord(char):04X}').lower()}]"
