"""How a symbol is written: from its name (Sigma, sigma2, mu_0) or from the LaTeX that the model gives it."""

import re

from derive.language.index import Extent
from derive.rendering.layout import SPACE, Glyph, Kind, Layout, Row, Script, function, number, with_script

_GREEK = (
    "alpha α beta β gamma γ delta δ epsilon ε zeta ζ eta η theta θ iota ι kappa κ lambda λ mu μ nu ν xi ξ pi π rho ρ "
    "sigma σ tau τ upsilon υ phi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ "
    "Phi Φ Psi Ψ Omega Ω"
)
_PAIRS = _GREEK.split()
GREEK = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))
GREEK_OF_LETTER = {letter: name for name, letter in GREEK.items()}
ALIASES = {"lam": "lambda", "eps": "epsilon"}
FUNCTIONS = {"log", "exp"}
SIGNS = {"ell": "ℓ", "partial": "∂", "infty": "∞", "star": "⋆", "ast": "∗", "prime": "′", "top": "ᵀ", "dagger": "†"}
ACCENTS = {"hat": "\u0302", "widehat": "\u0302", "tilde": "\u0303", "bar": "\u0304", "dot": "\u0307"}
ALPHABETS = {"mathcal": 0x1D49C, "mathbb": 0x1D538}
ALPHABET_HOLES = {
    "mathcal": dict(zip("BEFHILMR", "ℬℰℱℋℐℒℳℛ", strict=True)),
    "mathbb": dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True)),
}
UPRIGHT = {"mathrm", "text", "operatorname", "mathbf", "boldsymbol", "mathit", "mathsf"}
TOKEN = re.compile(r"\\([A-Za-z]+)|([A-Za-z])|(\d+)|([_^])|([{}])|([-+/*'=,()|;])|\s+")
SQUARED = {"sigma", "tau", "s"}  # sigma2 is the square of sigma, while x2 is the second x


def of_name(name: str) -> Layout:
    """A symbol's layout by its name: Greek words become letters, what follows an underscore a subscript."""
    head, _, tail = name.rstrip("_").partition("_")
    stem = head.rstrip("0123456789")
    digits = head[len(stem) :]
    base = letter(stem)
    sub = tuple(_subscript(part) for part in tail.split("_") if part)
    if digits == "2" and stem in SQUARED:
        return with_script(base, Row(sub) if sub else None, number(2))
    sub = ((number(int(digits)),) if digits else ()) + sub
    return with_script(base, Row(sub) if len(sub) > 1 else sub[0]) if sub else base


def _subscript(part: str) -> Layout:
    return number(int(part)) if part.isdecimal() else letter(part)


def letter(word: str) -> Glyph:
    """A single letter in italics, a Greek letter by its name, any other word upright."""
    word = ALIASES.get(word, word)
    if word in GREEK:
        return Glyph("\\" + word, GREEK[word])
    if word in GREEK_OF_LETTER:
        return Glyph("\\" + GREEK_OF_LETTER[word], word)
    stem = word.rstrip("'")
    primes = word[len(stem) :]
    if len(stem) == 1:
        return Glyph(word, stem + "′" * len(primes))
    return Glyph(rf"\mathrm{{{stem}}}{primes}".replace("_", r"\_"), stem + "′" * len(primes), Kind.UPRIGHT)


def size(extent: Extent) -> Glyph:
    """The name of a size: K, or K + 1 for that of another plate and one more."""
    base = letter(extent.base.name)
    more = f" + {extent.more}" if extent.more else ""
    return Glyph(base.latex + more, base.text + more, base.kind)


def of_latex(latex: str, fallback: str) -> Layout:
    """A symbol's layout by its LaTeX; a spelling that is not understood stands as it is, ``fallback`` elsewhere."""
    tokens = [match for match in TOKEN.finditer(latex) if match.group().strip()]
    if sum(len(token.group()) for token in tokens) != len(re.sub(r"\s", "", latex)):
        return Glyph(latex, fallback)
    try:
        row, end = _row([token.group() for token in tokens], 0)
    except (IndexError, KeyError):
        return Glyph(latex, fallback)
    return row if end == len(tokens) else Glyph(latex, fallback)


def _row(tokens: list[str], at: int) -> tuple[Layout, int]:
    items: list[Layout] = []
    while at < len(tokens) and tokens[at] != "}":
        if tokens[at] in "_^":
            script, end = _one(tokens, at + 1)
            items[-1] = with_script(items[-1], script) if tokens[at] == "_" else with_script(items[-1], sup=script)
        else:
            item, end = _one(tokens, at)
            items.append(item)
            if isinstance(item, Glyph) and item.kind is Kind.FUNCTION and tokens[end : end + 1] not in ([], ["("]):
                items.append(SPACE)
        at = end
    return (items[0] if len(items) == 1 else Row(tuple(items))), at


def _one(tokens: list[str], at: int) -> tuple[Layout, int]:
    token = tokens[at]
    if token == "{":
        row, end = _row(tokens, at + 1)
        if tokens[end] != "}":
            raise KeyError(token)
        return row, end + 1
    if not token.startswith("\\"):
        if token in "_^}":
            raise KeyError(token)
        text = {"-": "−", "'": "′", ",": ", "}.get(token, token)
        kind = Kind.NUMBER if token.isdecimal() else Kind.IDENTIFIER if token.isalpha() else Kind.SIGN
        return Glyph(token, text, kind), at + 1
    command = token[1:]
    if command in ACCENTS or command in ALPHABETS or command in UPRIGHT:
        return _styled(command, *_one(tokens, at + 1))
    return _command(command), at + 1


def _command(command: str) -> Glyph:
    if command in FUNCTIONS:
        return function("\\" + command, command)
    if command == "mid":
        return Glyph(r"\mid", " | ", Kind.SIGN)
    return Glyph("\\" + command, SIGNS[command] if command in SIGNS else GREEK[command])


def _styled(command: str, body: Layout, end: int) -> tuple[Layout, int]:
    glyphs = body.items if isinstance(body, Row) else (body,)
    if not all(isinstance(glyph, Glyph) for glyph in glyphs):
        raise KeyError(command)
    text = "".join(glyph.text for glyph in glyphs if isinstance(glyph, Glyph))
    latex = "".join(glyph.latex for glyph in glyphs if isinstance(glyph, Glyph))
    if command in ACCENTS:
        text += ACCENTS[command]
    if command in ALPHABETS:
        text = "".join(_lettered(command, char) for char in text)
    kind = Kind.UPRIGHT if command in UPRIGHT else Kind.IDENTIFIER
    return Glyph(rf"\{command}{{{latex}}}", text, kind), end


def _lettered(alphabet: str, char: str) -> str:
    if not ("A" <= char <= "Z"):
        return char
    return ALPHABET_HOLES[alphabet].get(char) or chr(ALPHABETS[alphabet] + ord(char) - ord("A"))


def scripted(base: Layout, indices: tuple[str, ...]) -> Layout:
    """A symbol with its plate indices side by side: gamma_nk."""
    if not indices:
        return base
    glyphs = tuple(letter(index) for index in indices)
    return with_script(base, glyphs[0] if len(glyphs) == 1 else Row(glyphs))


def squared_name(layout: Layout) -> bool:
    """Whether a symbol is written as a square, as sigma^2 is."""
    return isinstance(layout, Script) and layout.sup == number(2)
