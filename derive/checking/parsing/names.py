"""Numbers, letters, words, and accents over them."""

from dataclasses import replace
from fractions import Fraction

from derive.checking.parsing.cursor import Cursor
from derive.checking.parsing.limits import MOST_DIGITS
from derive.checking.parsing.tables import ACCENTS, SYMBOLS
from derive.checking.parsing.tree import Name, Node, Number, Scripted


class Names(Cursor):
    """Reads what has no parts."""

    def number(self, *, single: bool = False) -> Number:
        """Read a decimal number; a single digit where TeX takes one token."""
        first = self.place
        digits = self.take().text
        while not single:
            token = self.after(0)
            if (token.kind == "digit" and not token.spaced) or (
                token.is_char(".") and "." not in digits and self._digit(1) and not token.spaced
            ):
                digits += self.take().text
            elif self._thousands():
                self.place += 3
            else:
                break
            if len(digits) > MOST_DIGITS:
                raise self.fail(f"a number of more than {MOST_DIGITS} digits", self.tokens[first])
        whole, _, decimals = digits.partition(".")
        return Number(Fraction(int((whole or "0") + decimals), 10 ** len(decimals)), **self.span(first))

    def _digit(self, steps: int) -> bool:
        token = self.after(steps)
        return token.kind == "digit" and not token.spaced

    def _thousands(self) -> bool:
        """Whether 10{,}000 goes on here."""
        return self.after(0).is_char("{") and self.after(1).is_char(",") and self.after(2).is_char("}")

    def symbol(self) -> Name | None:
        """Read a letter, a command for one, or a word; None where the next token is none."""
        token, first = self.next, self.place
        name: Name | None = None
        if token.kind == "letter":
            name = Name(token.text)
        elif token.kind == "word" or (token.kind == "words" and self.fences):
            name = Name(token.text, word=True)
        elif token.kind == "styled":
            style, _, text = token.text.partition(":")
            name = Name(text, style=style)
        elif token.kind == "command" and token.text in SYMBOLS:
            name = Name(SYMBOLS[token.text])
        if name is None:
            return None
        self.take()
        if token.side == "of" and self.starts_operand():
            self.product()  # "terms independent of x": x is no factor
        return replace(name, **self.span(first))

    def accented(self) -> Node:
        r"""Read \hat{mu}, \bar x; the accent of a symbol with scripts is the symbol's."""
        token, first = self.take(), self.place - 1
        inside = self.one_argument(token.text)
        node = with_accent(inside, ACCENTS[token.text])
        if node is None:
            raise self.fail(f"\\{token.text} over what is no symbol", token)
        return replace(node, **self.span(first))

    def one_argument(self, command: str) -> Node:
        """Read the argument of a command: a group in braces, or one token. A struck-out one is 1."""
        if self.next.is_char("{"):
            found = self.group(self.sum)
            return Number(Fraction(1)) if found is None else found
        if self.next.kind == "digit":
            return self.number(single=True)
        if not self.starts_operand():
            raise self.fail(f"\\{command} lacks an argument")
        return self.atom()


def with_accent(node: Node, accent: str) -> Node | None:
    """Return a symbol with an accent, None for what is no symbol."""
    match node:
        case Name(accent=before):
            return replace(node, accent=f"{accent} {before}".strip())
        case Scripted(base=base):
            inside = with_accent(base, accent)
            return None if inside is None else replace(node, base=inside)
    return None
