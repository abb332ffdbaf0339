r"""How the smallest parts of a handed-in formula are shown: letters, names of functions, relations, arrows.

Commands are those of LaTeX and amsmath; what is not in these tables is shown as its name.
"""

from derive.checking.parsing.tree import Link, Name
from derive.rendering.names import ALPHABET_HOLES, ALPHABETS, GREEK

_LETTERS = GREEK | {
    "varepsilon": "ε",
    "epsilon": "ϵ",
    "vartheta": "ϑ",
    "varphi": "φ",
    "phi": "ϕ",
    "varpi": "ϖ",
    "varrho": "ϱ",
    "varsigma": "ς",
    "infty": "∞",
    "ell": "ℓ",
    "partial": "∂",
    "nabla": "∇",
    "top": "⊤",
    "intercal": "⊺",
    "prime": "′",
    "star": "⋆",
    "ast": "∗",
    "dagger": "†",
    "dots": "…",
    "ldots": "…",
    "cdots": "⋯",
    "vdots": "⋮",
    "ddots": "⋱",
    "cdot": "·",
    "forall": "∀",
    "exists": "∃",
    "emptyset": "∅",
    "varnothing": "∅",
    "hbar": "ℏ",
    "imath": "ı",
    "jmath": "ȷ",
}
_ALPHABETS = {"cal": "mathcal", "bb": "mathbb"}
ACCENTS = {
    "hat": "^",
    "widehat": "^",
    "tilde": "~",
    "widetilde": "~",
    "bar": "‾",
    "overline": "‾",
    "dot": "˙",
    "ddot": "¨",
    "vec": "→",
    "check": "ˇ",
    "breve": "˘",
    "underline": "_",
}
COMBINING = {
    "hat": "\u0302",
    "widehat": "\u0302",
    "tilde": "\u0303",
    "widetilde": "\u0303",
    "bar": "\u0304",
    "overline": "\u0304",
    "dot": "\u0307",
    "ddot": "\u0308",
    "vec": "\u20d7",
    "check": "\u030c",
    "breve": "\u0306",
    "underline": "\u0332",
}
RELATIONS = {
    "=": "=",
    "propto": "∝",
    "approx": "≈",
    "equiv": "≡",
    ":=": "≔",
    "<": "<",
    ">": ">",
    "<=": "≤",
    ">=": "≥",
    "!=": "≠",
    "to": "→",
    "in": "∈",
    "sim": "∼",
    "set": "≟",  # an equals sign with ! over it has no letter of its own
}
LINKS = {
    Link.NONE: "",
    Link.NEXT: "",
    Link.IMPLIES: "⇒",
    Link.EQUIVALENT: "⇔",
    Link.FOLLOWS_FROM: "⇐",
}
OPERATORS = {"": "", "cdot": "·", "times": "×", "circ": "∘", "otimes": "⊗", "odot": "⊙"}
BIG = {"sum": "∑", "prod": "∏", "int": "∫", "argmax": "arg max", "argmin": "arg min"}
BRACKETS = {"(": ("(", ")"), "[": ("[", "]"), "{": ("{", "}"), "|": ("|", "|"), "||": ("‖", "‖"), "<": ("⟨", "⟩")}


def letter(name: Name) -> str:
    """A name without its accent: μ for mu, ℒ for a calligraphic L, log for log."""
    alphabet = _ALPHABETS.get(name.style)
    if alphabet and len(name.text) == 1 and "A" <= name.text <= "Z":
        return ALPHABET_HOLES[alphabet].get(name.text) or chr(ALPHABETS[alphabet] + ord(name.text) - ord("A"))
    return name.text if name.word else _LETTERS.get(name.text, name.text)


def relation(sign: str) -> str:
    """The sign of a relation."""
    return RELATIONS.get(sign, sign)
