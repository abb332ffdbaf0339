r"""Derivatives as they are written: \frac{\partial L}{\partial x}, \partial L / \partial x, \nabla_x L."""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from derive.checking.parsing.brackets import Brackets
from derive.checking.parsing.tokens import Token
from derive.checking.parsing.tree import Differentiate, Fenced, Items, Name, Node, Number, Quotient, Scripted

MOST_APART = 200  # tokens between ∂ and its slash
STOPS = frozenset({"+", "-", ",", ";", "&"})


def is_round(token: Token) -> bool:
    r"""Whether it is a \partial."""
    return token.is_command("partial")


def is_straight(token: Token) -> bool:
    """Whether it is a d."""
    return token.kind == "letter" and token.text == "d"


class Derivatives(Brackets):
    """Reads fractions, and the derivatives among them."""

    def fraction(self, above: tuple[int, int], below: tuple[int, int]) -> Node:
        """Read numerator and denominator from two ranges of tokens; the place is left behind both by the caller."""
        derivative = self._derivative(above, below)
        if derivative is not None:
            return derivative
        numerator, denominator = self._half(above), self._half(below)
        return Quotient(numerator, denominator)

    def _half(self, bounds: tuple[int, int]) -> Node:
        if bounds[0] == bounds[1]:
            raise self.fail("half of a fraction is empty", self.tokens[min(bounds[0], len(self.tokens) - 1)])
        found = self.part(*bounds, self.sum)
        if found is None:
            at = self.tokens[bounds[0]]
            return Number(Fraction(1), start=at.start, end=at.end)
        return found

    def _derivative(self, above: tuple[int, int], below: tuple[int, int]) -> Differentiate | None:
        if above[0] >= above[1] or below[0] >= below[1]:
            return None
        for kind in (is_round, is_straight):
            if kind(self.tokens[above[0]]) and kind(self.tokens[below[0]]) and below[1] - below[0] > 1:
                if kind is is_straight and not self._differential(below[0] + 1):
                    continue
                order, start = self._order(above[0] + 1, above[1])
                body = self.part(start, above[1], self.sum) if start < above[1] else None
                return Differentiate(body, self._variables(below, order), order)
        return None

    def _differential(self, place: int) -> bool:
        """Whether a d before this place can be a differential's: a symbol follows."""
        token = self.tokens[place]
        return token.kind in {"letter", "styled"} or (
            token.kind == "command" and (token.text not in {"cdot", "times"} and not self.closing(token))
        )

    def _order(self, place: int, stop: int) -> tuple[int, int]:
        """Read the ^2 of a second derivative; return the order and where it goes on."""
        if place >= stop or not self.tokens[place].is_char("^"):
            return 1, place
        opening = self.tokens[place + 1] if place + 1 < stop else self.finish
        end = self.braces[place + 1] + 1 if opening.is_char("{") else place + 2
        digits = [token for token in self.tokens[place + 1 : end] if not token.is_char("{", "}")]
        if len(digits) != 1 or digits[0].kind != "digit":
            raise self.fail("the order of a derivative must be a digit", self.tokens[place])
        return int(digits[0].text), end

    def _variables(self, below: tuple[int, int], order: int) -> tuple[Node, ...]:
        """Read what stands below: one ∂ and a variable, or several."""
        kind = is_round if is_round(self.tokens[below[0]]) else is_straight
        starts = [below[0]]
        place = below[0] + 1
        while place < below[1]:
            token = self.tokens[place]
            if token.is_char("{"):
                place = self.braces[place]
            elif kind(token) and (kind is is_round or order > 1) and not self.tokens[place - 1].is_char("_", "^"):
                starts.append(place)
            place += 1
        found = []
        for start, stop in zip(starts, [*starts[1:], below[1]], strict=True):
            _, begin = self._order(start + 1, stop)
            if begin >= stop:
                raise self.fail("a derivative with respect to nothing", self.tokens[start])
            at = self.tokens[begin]
            variable = self.needed(self.part(begin, stop, self.sum), "below", at)
            found.append(variable.body if isinstance(variable, Fenced) and variable.kind == "(" else variable)
        if len(found) == 1 and order > 1:
            found = [without_order(found[0], order)]
        return tuple(found)

    def scope(self) -> Node | None:
        """Read what an operator applies to: what follows, up to the next + or - or relation; None if nothing does."""
        if not self.starts_operand():
            return None
        with self.deeper():
            first = self.factor()
            if isinstance(first, Fenced) and first.kind in {"[", "{"}:
                return first
            return self.product(first)

    def applied(self, node: Differentiate, first: int) -> Node:
        """Apply an operator that stands alone to what follows."""
        if node.body is not None:
            return replace(node, **self.span(first))
        body = self.scope()
        return replace(node, body=body, **self.span(first))

    def round_operator(self) -> Node:
        r"""Read what begins with \partial: \partial_x L, \partial L/\partial x, or a \partial by itself."""
        first = self.place
        inline = self._inline(is_round)
        if inline is not None:
            return inline
        token = self.take()
        if self.next.is_char("_"):
            return self._by_script(first)
        return Name("partial", start=token.start, end=token.end)

    def straight_operator(self) -> Node | None:
        """Read dL/dx or d/dx; None if this d is a letter like others."""
        return self._inline(is_straight)

    def nabla(self) -> Node:
        r"""Read \nabla_x L, \nabla_x^2 L or \nabla L."""
        first = self.place
        self.take()
        return self._by_script(first)

    def _by_script(self, first: int) -> Node:
        by: tuple[Node, ...] = ()
        order = 1
        while self.next.is_char("_", "^"):
            if self.take().text == "_":
                below = self.script_argument()
                by = below.items if isinstance(below, Items) else () if below is None else (below,)
            else:
                above = self.script_argument()
                if not isinstance(above, Number) or above.value not in {1, 2}:
                    raise self.fail("the order of a derivative must be 1 or 2")
                order = int(above.value)
        body = self.scope()
        return Differentiate(body, by, order, **self.span(first))

    def _inline(self, test: Callable[[Token], bool]) -> Node | None:
        """Read ∂L/∂x in one line."""
        first = self.place
        slash = self._slash(first + 1, test)
        if slash is None:
            return None
        order, start = self._order(first + 1, slash)
        body = self.part(start, slash, self.product) if start < slash else None
        self.place = slash + 1
        by: list[Node] = []
        while test(self.next) and (not by or test is is_round):
            self.place = self._order(self.place + 1, self.stop)[1]
            by.append(self.factor())
        found = [without_order(by[0], order)] if len(by) == 1 and order > 1 else by
        return self.applied(Differentiate(body, tuple(found), order), first)

    def _slash(self, place: int, kind: Callable[[Token], bool]) -> int | None:
        """Find the slash before another such d, in the same product."""
        following = bisect_left(self.slashes, place)
        if following == len(self.slashes) or self.slashes[following] > place + MOST_APART:
            return None
        depth = 0
        for at in range(place, min(self.stop, place + MOST_APART)):
            self.worked()
            token = self.tokens[at]
            depth += bool(self.opening(token) or token.is_char("{")) - bool(self.closing(token) or token.is_char("}"))
            if depth < 0 or (depth == 0 and (token.kind in {"relation", "link"} or token.is_char(*STOPS))):
                return None
            if depth == 0 and token.is_char("/"):
                fits = at + 2 < self.stop and kind(self.tokens[at + 1])
                return at if fits and (kind is is_round or self._differential(at + 2)) else None
        return None


def without_order(node: Node, order: int) -> Node:
    """Return the variable of a second derivative without the 2 that counts how often: ∂x^2 is in x."""
    match node:
        case Scripted(base=base, sub=sub, sup=Number(value=value), primes=0) if value == order:
            return base if sub is None else replace(node, sup=None)
    return node
