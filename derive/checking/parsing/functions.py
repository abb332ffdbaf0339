r"""Functions and operators with a scope: \log, tr, \sum, \max; with and without brackets."""

from collections.abc import Callable
from fractions import Fraction

from derive.checking.parsing import tables as known
from derive.checking.parsing.derivatives import Derivatives
from derive.checking.parsing.tokens import Token
from derive.checking.parsing.tree import Apply, Big, Items, Name, Node, Number, Quotient, Scripted, Sum


class Functions(Derivatives):
    """Reads functions with their arguments, and sums with their bodies."""

    def is_function(self, token: Token) -> bool:
        """Whether it is a function's name."""
        return token.kind == "command" and (token.text in known.FUNCTIONS or token.text == "surd")

    def is_big(self, token: Token) -> bool:
        """Whether it is a sum sign, or another operator with bounds."""
        return token.kind == "command" and (token.text in known.BIGS or token.text == "arg")

    def application(self) -> Node:
        r"""Read \log x, \log^2 x, \det[A], \exp{x}."""
        first, token = self.place, self.take()
        text = "sqrt" if token.text == "surd" else known.FUNCTIONS[token.text]
        if text == "logdet":
            inner = self._applied(Name("det", start=token.start, end=token.end), None, first)
            return Apply(Name("log", start=token.start, end=token.end), inner, **self.span(first))
        power = None
        while self.next.is_char("^", "_"):
            if self.take().text == "^":
                power = self.script_argument()
            else:
                base = self.script_argument()
                if not (text in known.LOGARITHMS and isinstance(base, Name) and base.text == "e"):
                    raise self.fail(f"{text} with a subscript", token)
        if first == 0 and self.next.kind == "finish" and power is None:
            return Name(text, word=len(text) > 1, start=token.start, end=token.end)
        return self._applied(Name(text, start=token.start, end=token.end), power, first)

    def _applied(self, function: Name, power: Node | None, first: int) -> Node:
        token, begin = self.next, self.place
        logarithm = function.text in known.LOGARITHMS
        if token.is_char("{"):
            at = self.next
            argument = self.needed(self.group(self.sum), "under the function", at)
            argument = self.scripted(argument, begin)
            return Apply(function, argument, power, **self.span(first))
        if self.opening(token) or self.bar(token):
            argument = self.fenced()
            if self.next.is_char("_", "^", "!", "'"):
                if not logarithm and argument.kind not in {"|", "||"}:
                    return self.scripted(Apply(function, argument, power, **self.span(first)), first)
                whole = self.postfix(argument, begin)
                product = self._argument_product(function, whole) if argument.kind == "(" else whole
                return Apply(function, product, power, **self.span(first))
            return Apply(function, argument, power, **self.span(first))
        if token.is_char("+", "-"):
            with self.deeper():
                return Apply(function, self.signed(self._unbracketed(function)), power, **self.span(first))
        with self.deeper():
            return Apply(function, self._unbracketed(function)(), power, **self.span(first))

    def _unbracketed(self, function: Name) -> Callable[[], Node]:
        def read() -> Node:
            if not self.starts_operand():
                raise self.fail(f"nothing stands after {function.text}")
            token = self.next
            alone = (self.is_function(token) and token.text != "sqrt") or self.is_big(token)
            first = self.factor()
            called = isinstance(first, Apply) and first.function.text == "Gamma"
            return first if alone or called else self._argument_product(function, first)

        return read

    def signed(self, read: Callable[[], Node]) -> Node:
        """Read a sign and what follows it."""
        first, sign = self.place, self.take().text
        return Sum(((sign, read()),), **self.span(first))

    def _argument_product(self, function: Name, first: Node) -> Node:
        """Read the factors that an unbracketed function is taken of: up to a sign, a relation, another function."""
        return self.factors(first, lambda: self._ends_argument(function)) or first

    def _ends_argument(self, function: Name) -> bool:
        token = self.next
        if self.is_operator(token):
            return not self._density(self.place + 1)
        if self.is_big(token) or token.is_command("nabla", "partial"):
            return True
        if not self.is_function(token):
            return False
        return function.text not in known.LOGARITHMS or token.text not in known.MULTIPLICATIVE

    def is_operator(self, token: Token) -> bool:
        """Whether it is a multiplication sign."""
        return (token.is_char("*") and not self.script) or (
            token.kind == "command"
            and token.text in known.OPERATORS
            and not (self.script and token.text in known.MARKS_ABOVE)
        )

    def _density(self, place: int) -> bool:
        """Whether a name called with a condition stands at a place: N(x | m), which no logarithm leaves outside."""
        if place >= self.stop or self.tokens[place].kind not in {"letter", "styled", "word"}:
            return False
        place += 1
        while place + 1 < self.stop and self.tokens[place].is_char("_", "^"):
            place = self.braces[place + 1] + 1 if self.tokens[place + 1].is_char("{") else place + 2
        if place >= self.stop or self.opening(self.tokens[place]) != "(":
            return False
        depth = 0
        for token in self.tokens[place : min(self.stop, place + 300)]:
            depth += bool(self.opening(token)) - bool(self.closing(token))
            if depth == 0:
                return False
            if depth == 1 and (token.is_char(";") or self.bar(token)):
                return True
        return False

    def big(self) -> Node:
        r"""Read \sum with its bounds and body."""
        first, token = self.place, self.take()
        kind = known.BIGS.get(token.text, "")
        if token.text == "arg":
            if not self.next.is_command("max", "min"):
                raise self.fail("\\arg without \\max or \\min", token)
            kind = "arg" + self.take().text
        lower = upper = None
        while self.next.is_char("_", "^"):
            if self.take().text == "_":
                lower = self.script_argument()
            else:
                upper = self.script_argument()
        if kind in known.OPTIONAL_BIGS and lower is None and self.opening(self.next):
            function = Name(kind, start=token.start, end=token.end)
            return Apply(function, self.fenced(), upper, **self.span(first))
        if not (self.starts_operand() or self.next.is_char("+", "-")):
            if first == 0 and self.next.kind == "finish" and not self.fences:
                return Name(kind, word=True, **self.span(first))
            raise self.fail(f"nothing stands after \\{token.text}")
        with self.deeper():
            if self.next.is_char("+", "-"):
                body: Node | None = self.signed(self._product)
            else:
                body = self.product()
        return Big(kind, lower, upper, self.needed(body, "after the sum sign", token), **self.span(first))

    def _product(self) -> Node:
        at = self.next
        return self.needed(self.product(), "here", at)

    def root(self) -> Node:
        r"""Read \sqrt{x} and \sqrt[3]{x}."""
        first, token = self.place, self.take()
        degree = None
        if self.next.is_char("["):
            begin = self.place
            closing = next((p for p in range(begin, self.stop) if self.tokens[p].is_char("]")), None)
            if closing is None:
                raise self.fail("[ is never closed")
            degree = self.needed(self.part(begin + 1, closing, self.sum), "in the brackets", token)
            self.place = closing + 1
        body = self.one_argument("sqrt")
        if degree is None:
            return Apply(Name("sqrt", start=token.start, end=token.end), body, **self.span(first))
        inverse = Quotient(Number(Fraction(1)), degree, start=token.start, end=token.end)
        return Scripted(body, sup=inverse, **self.span(first))

    def binomial(self) -> Node:
        r"""Read \binom{n}{k}."""
        first, token = self.place, self.take()
        pair = Items((self.one_argument("binom"), self.one_argument("binom")), **self.span(first))
        return Apply(Name("binom", start=token.start, end=token.end), pair, **self.span(first))
