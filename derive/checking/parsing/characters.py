"""Characters that people type in place of commands: Greek letters, operators, scripts set as characters."""

import unicodedata

from derive.checking.parsing.words import words

PLAIN = {
    "−": "-",
    "–": "-",
    "—": "-",
    "∣": "|",
    "⁄": "/",
    "∕": "/",
    "，": ",",
    "（": "(",
    "）": ")",
    "：": ":",
    "；": ";",
    "\u2019": "'",
    "\u2018": "'",
    "ʹ": "'",
    "∶": ":",
}
COMMANDS = {
    "∑": "sum",
    "∏": "prod",
    "∫": "int",
    "∂": "partial",
    "∇": "nabla",
    "∞": "infty",
    "ℓ": "ell",
    "√": "surd",
    "≤": "le",
    "≥": "ge",
    "≠": "neq",
    "≈": "approx",
    "≡": "equiv",
    "∝": "propto",
    "∈": "in",
    "∼": "sim",
    "≔": "coloneqq",
    "≜": "triangleq",
    "←": "leftarrow",
    "→": "rightarrow",
    "⟶": "rightarrow",
    "↦": "mapsto",
    "⇒": "Rightarrow",
    "⟹": "Rightarrow",
    "⇔": "iff",
    "⟺": "iff",
    "⇐": "Leftarrow",
    "∴": "therefore",
    "↔": "iff",
    "∵": "because",
    "·": "cdot",
    "⋅": "cdot",
    "∙": "cdot",
    "•": "cdot",
    "×": "times",
    "⊙": "odot",
    "∘": "circ",
    "⊗": "otimes",
    "∗": "ast",
    "…": "ldots",
    "⋯": "ldots",
    "±": "pm",
    "∓": "mp",
    "‖": "|",
    "⊤": "top",
    "⊺": "intercal",
    "ᵀ": "top",
    "∀": "forall",
    "⟨": "langle",
    "⟩": "rangle",
    "∅": "emptyset",
    "⪰": "succeq",
    "≻": "succ",
    "≪": "ll",
    "≫": "gg",
    "∉": "notin",
    "⊂": "subset",
    "⊆": "subseteq",
    "÷": "div",
    "≃": "simeq",
    "≅": "cong",
    "≦": "le",
    "≧": "ge",
    "⩽": "le",
    "⩾": "ge",
    "ϕ": "phi",
    "ϵ": "epsilon",
    "ϑ": "vartheta",
    "ϱ": "varrho",
    "ϖ": "varpi",
    "ϰ": "varkappa",
    "∆": "Delta",
    "∥": "|",
    "∃": "exists",
    "′": "prime",
    "Ω": "Omega",
    "µ": "mu",
    "†": "dagger",
    "⋆": "star",
    "∪": "cup",
    "∩": "cap",
    "¬": "neg",
}
GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρςστυφχψωΓΔΘΛΞΠΣΥΦΨΩΑΒΜΝΡΤΧΗΚ",
        words(
            "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho varsigma "
            "sigma tau upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega Alpha "
            "Beta Mu Nu Rho Tau Chi Eta Kappa"
        ),
        strict=True,
    )
)
ABOVE = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿⁱᵏʲᵗˢᵐᵖᵈᵀ", "0123456789+-()nikjtsmpdT", strict=True))
BELOW = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₍₎ₙᵢₖⱼₜₛₘₚₗₓₐ", "0123456789+-()nikjtsmplxa", strict=True))
FRACTIONS = {"½": "12", "⅓": "13", "¼": "14", "⅔": "23", "¾": "34"}
COMBINING = {"\u0302": "hat", "\u0303": "tilde", "\u0304": "bar", "\u0305": "bar", "\u0307": "dot", "\u0306": "breve"}


def styled(character: str) -> tuple[str, str] | None:
    """Return what a letter of the mathematical alphabets is (its style, the letter), None for other characters."""
    name = unicodedata.name(character, "")
    if not name.startswith("MATHEMATICAL") and name[:6] not in {"SCRIPT", "DOUBLE", "BLACK-"}:
        return None
    plain = unicodedata.normalize("NFKC", character)
    if len(plain) != 1:
        return None
    if "SCRIPT" in name:
        return "cal", plain
    return ("bb" if "DOUBLE-STRUCK" in name else ""), plain
