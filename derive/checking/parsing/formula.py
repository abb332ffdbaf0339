"""The parser of formulas: sums, products, factors, operands, each by its precedence."""

from collections.abc import Callable

from derive.checking.parsing import tables as known
from derive.checking.parsing.brackets import CLOSE, OPEN
from derive.checking.parsing.derivatives import is_straight
from derive.checking.parsing.groups import Groups
from derive.checking.parsing.limits import MOST_DEPTH
from derive.checking.parsing.tokens import Token
from derive.checking.parsing.tree import (
    Apply,
    Big,
    Differentiate,
    Items,
    Name,
    Node,
    Product,
    Quotient,
    Sum,
)
from derive.checking.parsing.words import words

BARRED = frozenset(words("} ^ _ & ) ] , ; : = + - * / ! . ' < > ? \""))
NO_OPERANDS = frozenset(words("forall exists pm mp div over choose atop \\ cr newline cup cap setminus wedge vee"))
FRACTIONS = frozenset({"frac", "tfrac", "dfrac", "cfrac", "nicefrac", "sfrac", "flatfrac"})
BRACED = frozenset(["underbrace", "overbrace", "underbracket", "overbracket"])


class Formula(Groups):
    """Reads formulas."""

    def starts_operand(self) -> bool:
        """Whether an operand can begin with the next token."""
        token = self.next
        if token.kind in {"letter", "digit", "word", "styled", "begin", "gone"}:
            return True
        if token.kind == "words":
            return bool(self.fences) and token.text not in {"and", "or"}
        if self.bar(token) is not None:
            return self.bar_role() == OPEN
        if token.kind == "char":
            return token.text not in BARRED or (token.text == "." and self.after(1).kind == "digit")
        if token.kind != "command" or self.closing(token) is not None:
            return False
        return token.text not in NO_OPERANDS and token.text != "prime" and not self.is_operator(token)

    def sum(self) -> Node | None:
        """Read terms with their signs."""
        first = self.place
        terms: list[tuple[str, Node]] = []
        signs = False
        while True:
            sign = self._sign()
            signs = signs or sign is not None
            term = self.product()
            if term is not None:
                terms.append((sign or "+", term))
            if self._sign(take=False) is None:
                break
        if not terms:
            return None
        if len(terms) == 1 and (not signs or first == self.place):
            return terms[0][1]
        return Sum(tuple(terms), **self.span(first))

    def _sign(self, *, take: bool = True) -> str | None:
        token = self.next
        if token.is_char("+", "-"):
            sign = token.text
        elif token.is_command("pm"):
            sign = "±"
        else:
            return None
        if take:
            self.take()
        return sign

    def product(self, first: Node | None = None) -> Node | None:
        """Read factors, multiplied or divided."""
        return self.factors(first, lambda: False)

    def factors(self, first: Node | None, ends: Callable[[], bool]) -> Node | None:
        """Read factors until one that does not belong to them; what is struck out counts as none."""
        begin = self.place
        factors: list[Node] = [] if first is None else [first]
        operators: list[str] = []
        struck = False
        while True:
            token = self.next
            if token.kind == "gone":
                self.take()
                struck = True
            elif (factors or struck) and ends():
                break
            elif factors and (token.is_char("/") or token.is_command("div")):
                self.take()
                factors[-1] = self._divided(factors[-1], begin)
            elif factors and self._evaluated(token):
                factors, operators = [self._at(factors, operators, begin)], []
            elif not self._further(factors, operators, struck=struck):
                break
        if len(factors) < 2:
            return factors[0] if factors else None
        span = self.span(begin)
        return Product(tuple(factors), tuple(operators), start=min(span["start"], factors[0].start), end=span["end"])

    def _further(self, factors: list[Node], operators: list[str], *, struck: bool) -> bool:
        """Read one more factor with the multiplication sign before it; whether there is one."""
        operator = None
        if self.is_operator(self.next) and (factors or struck):
            operator = known.OPERATORS.get(self.take().text, "times")
            if self.next.kind == "gone":
                return True
        elif (factors or struck) and not self.starts_operand():
            return False
        factor = self._signed_factor() if operator is not None else self.factor()
        if factors:
            operators.append(operator or "")
        factors.append(factor)
        return True

    def _signed_factor(self) -> Node:
        if self.next.is_char("+", "-"):
            return self.signed(self.factor)
        return self.factor()

    def _divided(self, numerator: Node, begin: int) -> Node:
        depth = 0
        node: Node = numerator
        while isinstance(node, Quotient) and node.inline:
            node, depth = node.numerator, depth + 1
        if depth > MOST_DEPTH:
            raise self.fail(f"more than {MOST_DEPTH} divisions in a row")
        denominator = self._signed_factor()
        start = min(numerator.start, self.span(begin)["start"])
        return Quotient(numerator, denominator, inline=True, start=start, end=denominator.end)

    def _evaluated(self, token: Token) -> bool:
        """Whether a bar comes that says where something is evaluated."""
        return self.bar(token) == "|" and self.after(1).is_char("_") and "|" not in self.fences[-1:]

    def _at(self, factors: list[Node], operators: list[str], begin: int) -> Node:
        bar = self.take()
        self.take()
        body = factors[0] if len(factors) == 1 else Product(tuple(factors), tuple(operators), **self.span(begin))
        place = self.script_argument()
        if place is None:
            raise self.fail("evaluated at nothing", bar)
        span = self.span(begin)
        return Apply(Name("at", start=bar.start, end=bar.end), Items((body, place), **span), **span)

    def factor(self) -> Node:
        """Read an operand with its scripts."""
        first, token = self.place, self.next
        if is_straight(token) and not self.script and (derivative := self.straight_operator()) is not None:
            return derivative
        with self.deeper():
            atom = self.atom()
            if isinstance(atom, Differentiate) and atom.body is None:
                return self.applied(atom, first)
            if isinstance(atom, Big):
                return atom
            return self.postfix(atom, first)

    def postfix(self, atom: Node, first: int) -> Node:
        """Read the scripts and exclamation marks behind an operand."""
        node = self.scripted(atom, first)
        if self.next.is_char("!"):
            mark = self.take()
            node = Apply(Name("factorial", start=mark.start, end=mark.end), node, **self.span(first))
            node = self.scripted(node, first)
        return node

    def atom(self) -> Node:
        """Read an operand without its scripts."""
        first, token = self.place, self.next
        if token.kind == "digit" or (token.is_char(".") and self.after(1).kind == "digit"):
            return self.number()
        if token.kind == "command" and (found := self._command(token)) is not None:
            return found
        if (name := self.symbol()) is not None:
            return name
        if token.is_char("{"):
            return self.braces_group()
        if token.kind == "begin":
            return self.environment()
        if self.opening(token) is not None or (self.bar(token) is not None and token.side != CLOSE):
            return self.fenced()
        if self.is_operator(token) or (self.script and token.is_char("*")):
            self.take()
            if self.script or not self.starts_operand():
                return Name("star" if token.text == "*" else token.text, **self.span(first))
        raise self.fail(self._missing(token), token)

    def _missing(self, token: Token) -> str:
        if token.kind == "command" and token.text.isalpha() and self.closing(token) is None:
            names = known.OPERATORS.keys() | NO_OPERANDS
            return f"\\{token.text} is not expected here" if token.text in names else f"\\{token.text} is not known"
        if token.kind == "finish":
            return "something is missing at the end" if self.place >= len(self.tokens) else "something is missing"
        return self.unexpected()

    def _command(self, token: Token) -> Node | None:
        """Read what begins with a command that is no symbol; None for others."""
        first, name = self.place, token.text
        if name == "Gamma" and self.opening(self.after(1)) == "(":
            self.take()
            function = Name("Gamma", start=token.start, end=token.end)
            return Apply(function, self.fenced(), **self.span(first))
        if self.is_function(token) and name != "sqrt":
            return self.application()
        if self.is_big(token):
            return self.big()
        if name in known.MARKS_ABOVE and not self.script:
            return None if not self.is_operator(token) else self._operator_name(first)
        reader = self.readers.get(name)
        return None if reader is None else reader()

    @property
    def readers(self) -> dict[str, Callable[[], Node]]:
        """What reads a command with its arguments, by its name."""
        return {
            **dict.fromkeys(FRACTIONS, self.simple_fraction),
            **dict.fromkeys(known.ACCENTS, self.accented),
            **dict.fromkeys(BRACED, self.underbraced),
            **dict.fromkeys(("binom", "dbinom", "tbinom"), self.binomial),
            **dict.fromkeys(("substack", "subarray"), self.stacked),
            "sqrt": self.root,
            "partial": self.round_operator,
            "nabla": self.nabla,
        }

    def _operator_name(self, first: int) -> Node:
        token = self.take()
        if self.starts_operand():
            raise self.fail(f"nothing stands before \\{token.text}", token)
        return Name(token.text, **self.span(first))
