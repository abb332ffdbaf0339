r"""Running text inside formulas, \text{...}: a name, a constant, or words that separate statements."""

import re
from collections.abc import Iterator

from derive.checking.parsing.tables import BIGS, FUNCTIONS
from derive.checking.parsing.tokens import Token
from derive.checking.parsing.words import words

CONSTANT = re.compile(
    r"const|terms?\b|independent|(not|n't) depend|without|constant|(^|\s)(rest|other|others|else|c)\b", re.IGNORECASE
)
SIGNED_CONSTANT = re.compile(r"^\s*([+-])\s*(const|c\b|k\b|terms|other|indep)", re.IGNORECASE)
OPEN_END = re.compile(r"\b(of|on|in|to|w\.?r\.?t\.?|for|involving|without|respect to)$", re.IGNORECASE)
ONE_WORD = re.compile(r"^[A-Za-z][A-Za-z-]*$")
CONNECTIVES = frozenset(
    words(
        "where with and or if for since because so thus hence then when as by from we get let but that is are "
        "now here subject given such using via which means implies therefore otherwise also of in on over "
        "both all any each iff setting note to at this first second next finally be gives"
    )
)


def running(token: Token, before: Token | None, after: Token | None) -> Iterator[Token]:
    """Yield what a piece of text stands for between its neighbours."""
    words = token.text.strip().strip("~").strip()
    plain = words.rstrip(".,:;").strip()
    if not plain:
        return
    side = "of" if OPEN_END.search(plain) else ""
    if before is not None and before.is_char("_", "^"):
        yield _name(token, plain)
    elif plain in {"-", "+", "=", "*"}:
        yield token.like("relation" if plain == "=" else "char", plain)
    elif signed := SIGNED_CONSTANT.match(words):
        yield token.like("char", signed.group(1))
        yield token.like("word", "const")._replace(side=side)
    elif before is not None and before.is_char("+", "-", "−"):
        yield token.like("word", "const")._replace(side=side) if CONSTANT.search(plain) else _name(token, plain)
    elif plain.lower() in {"const", "constant", "consts"}:
        yield token.like("word", "const")
    elif ONE_WORD.match(plain) and _is_name(plain, after):
        yield _name(token, plain)
    else:
        yield token.like("words", words)


def _is_name(word: str, after: Token | None) -> bool:
    if word in FUNCTIONS or word in BIGS or (len(word) == 1 and word not in "aIi"):
        return True
    if word.lower() in CONNECTIVES or after is None:
        return False
    return after.is_char("(", "[", "_", "^", "|") or after.is_command("left", "big", "Big", "bigg", "Bigg", "bigl")


def _name(token: Token, word: str) -> Token:
    word = word.strip("()") or word
    if word in FUNCTIONS or word in BIGS:
        return token.like("command", word)
    return token.like("letter" if len(word) == 1 else "word", word)
