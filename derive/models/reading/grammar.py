"""The grammar, by recursive descent: sums of products of powers, members in square brackets, calls in round ones.

statement = sum ["=" sum | ("," sum)* "~" sum]
sum       = product (("+" | "-") product)*
product   = signed (("*" | "/") signed)*
signed    = "-" signed | power
power     = atom [("^" | "**") signed]
atom      = number | name | name "[" sum "]" | name "(" sum ("," sum)* ")" | "(" sum ")"
"""

from dataclasses import dataclass
from fractions import Fraction

from derive.models.reading.nodes import Binary, Call, Member, Name, Negative, Node, Numeral, Place, Statement
from derive.models.reading.tokens import Token, tokens

DEEPEST = 40


def parse(text: str) -> Statement:
    """Read a statement. Raises InputError with the place of what is not understood."""
    reader = _Reader(tokens(text))
    left = reader.sum()
    more: list[Node] = []
    while reader.here.text == ",":
        reader.take()
        more.append(reader.sum())
    if more and reader.here.text != "~":
        raise reader.here.place.error("'~' is expected here, as in: mu, Sigma ~ normal_inverse_wishart(...)")
    relation, right = "", None
    if reader.here.text in {"=", "~"}:
        relation = reader.take().text
        right = reader.sum()
    if reader.here.kind != "end":
        raise reader.here.place.error("nothing more is expected here")
    return Statement(Place(text, 0, len(text)), left, relation, right, tuple(more))


@dataclass
class _Reader:
    items: list[Token]
    at: int = 0
    depth: int = 0

    @property
    def here(self) -> Token:
        return self.items[self.at]

    def take(self) -> Token:
        self.at += 1
        return self.items[self.at - 1]

    def expect(self, sign: str) -> Token:
        if self.here.text != sign:
            raise self.here.place.error(f"{sign!r} is expected here")
        return self.take()

    def sum(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.here.place.error("nested too deep")
        left = self.product()
        while self.here.text in {"+", "-"}:
            sign = self.take().text
            left = _joined(sign, left, self.product())
        self.depth -= 1
        return left

    def product(self) -> Node:
        left = self.signed()
        while self.here.text in {"*", "/"}:
            sign = self.take().text
            left = _joined(sign, left, self.signed())
        return left

    def signed(self) -> Node:
        first, negative = self.here, False
        while self.here.text in {"-", "+"}:
            negative ^= self.take().text == "-"
        body = self.power()
        return Negative(_spanning(first.place, body.place), body) if negative else body

    def power(self) -> Node:
        base = self.atom()
        if self.here.text not in {"^", "**"}:
            return base
        self.take()
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.here.place.error("nested too deep")
        exponent = self.signed()
        self.depth -= 1
        return _joined("^", base, exponent)

    def atom(self) -> Node:
        token = self.take() if self.here.kind != "end" else self.here
        if token.kind == "number":
            return Numeral(token.place, Fraction(token.text))
        if token.kind == "name" and self.here.text == "[":
            return self._member(token)
        if token.kind == "name" and self.here.text == "(":
            return self._call(token)
        if token.kind == "name":
            return Name(token.place, token.text)
        if token.text == "(":
            inner = self.sum()
            self.expect(")")
            return inner
        raise token.place.error("a number, a symbol or a bracket is expected here")

    def _member(self, name: Token) -> Node:
        self.take()
        index = self.sum()
        end = self.expect("]")
        return Member(_spanning(name.place, end.place), name.text, index)

    def _call(self, name: Token) -> Node:
        self.take()
        arguments = [] if self.here.text == ")" else [self.sum()]
        while arguments and self.here.text == ",":
            self.take()
            arguments.append(self.sum())
        end = self.expect(")")
        return Call(_spanning(name.place, end.place), name.text, tuple(arguments))


def _spanning(first: Place, last: Place) -> Place:
    return Place(first.text, first.start, last.end)


def _joined(sign: str, left: Node, right: Node) -> Node:
    return Binary(_spanning(left.place, right.place), sign, left, right)
