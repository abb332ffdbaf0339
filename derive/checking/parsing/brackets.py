"""Brackets, bars and what stands in them: lists, comparisons, conditions; and the scripts of a symbol."""

from derive.checking.parsing import tables as known
from derive.checking.parsing.limits import MOST_DEPTH
from derive.checking.parsing.names import Names
from derive.checking.parsing.tokens import Token
from derive.checking.parsing.tree import Compared, Fenced, Given, Items, Name, Node, Scripted

OPEN, CLOSE, GIVEN = "open", "close", "given"
ALONE = {"*": "star", "+": "plus", "-": "minus", "'": "prime"}


def _key(token: Token) -> str:
    return token.text if token.kind == "char" else "\\" + token.text if token.kind == "command" else ""


class Brackets(Names):
    """Reads brackets and lists."""

    def opening(self, token: Token) -> str | None:
        """What kind of bracket a token opens, None for what opens none; bars apart."""
        return None if token.side == "close" else known.OPENING.get(_key(token))

    def closing(self, token: Token) -> str | None:
        """What kind of bracket a token closes; bars apart."""
        return known.CLOSING.get(_key(token))

    def bar(self, token: Token) -> str | None:
        r"""Return "|" or "||" for a bar, None for anything else. \mid is a bar like others."""
        if token.is_command("mid"):
            return "|"
        return known.BARS.get(_key(token))

    def fenced(self) -> Fenced:
        """Read a bracket, or what stands between bars."""
        token, first = self.next, self.place
        kind = self.opening(token)
        plain = kind in {None, "|", "||"}
        if kind is None:
            kind = self._take_bars()
        else:
            self.take()
        if not plain and self.closing(self.next) == kind:
            raise self.fail("nothing stands in the brackets", token)
        self.fences.append(kind)
        with self.deeper():
            body = self.needed(self.sum(), "between the bars", token) if plain else self.given()
            self._close(kind, token)
        self.fences.pop()
        return Fenced(kind, body, **self.span(first))

    def _take_bars(self) -> str:
        """Take an opening bar: ||x|| typed with two bars is a norm."""
        token = self.take()
        kind = self.bar(token) or "|"
        double = kind == "|" and self.bar(self.after(0)) == "|" and not self.after(0).spaced and not token.side
        if double and not self.after(0).side:
            self.take()
            return "||"
        return kind

    def _close(self, kind: str, opened: Token) -> None:
        token = self.next
        if kind in {"|", "||"}:
            two = kind == "||" and self.bar(token) == "|" and self.bar(self.after(1)) == "|"
            if self.bar(token) == kind or self.closing(token) == kind or two:
                self.take()
                if two:
                    self.take()
                return
        elif self.closing(token) == kind:
            self.take()
            return
        if token.kind == "finish":
            raise self.fail(f"{self.shown(opened)} is never closed", opened)
        if self.closing(token):
            raise self.fail(f"{self.shown(opened)} is closed by {self.shown(token)}")
        raise self.fail(self.unexpected())

    def bar_role(self) -> str:
        """What a bar after an operand does: it closes bars, opens others, or is a condition."""
        token = self.next
        kind = self.bar(token)
        inner = self.fences[-1] if self.fences else ""
        if token.side:
            return {"open": OPEN, "close": CLOSE}.get(token.side, GIVEN)
        if kind == inner or (inner == "||" and self.bar(self.after(1)) == "|"):
            return CLOSE
        if kind == "||":
            return OPEN if self._bars_ahead("||", 0) % 2 == 0 else GIVEN
        if self.bar(self.after(1)) == "|" and not self.after(1).spaced:
            return OPEN if self._bars_ahead("|", 0) >= 4 else GIVEN
        return OPEN if self._bars_ahead("|", 0) % 2 == 0 else GIVEN

    def _bars_ahead(self, kind: str, found: int) -> int:
        """How many bars stand from here to the end of the bracket that we are in."""
        depth, place = 0, self.place
        while place < self.stop:
            self.worked()
            token = self.tokens[place]
            if token.is_char("{"):
                place = self.braces[place]
            elif self.opening(token):
                depth += 1
            elif self.closing(token):
                depth -= 1
                if depth < 0:
                    break
            elif depth == 0 and self.bar(token) == kind and not token.side:
                found += 1
            place += 1
        return found

    def given(self) -> Node:
        """Read a list, or one under a condition: x | y, x ; y, n : z_n = k."""
        first = self.place
        left = self.items()
        token = self.next
        bar = self.bar(token)
        if bar is not None and self.bar_role() == GIVEN:
            self.take()
            if bar == "|" and self.bar(self.after(0)) == "|" and not self.after(0).spaced:
                self.take()
                bar = "||"
            return Given(left, self.items(";,"), bar, **self.span(first))
        if token.is_char(";", ":"):
            self.take()
            return Given(left, self.items(";,"), token.text, **self.span(first))
        return left

    def items(self, separators: str = ",") -> Node:
        """Read what stands between commas."""
        first = self.place
        found = [self.comparison()]
        while self.next.is_char(*separators) or (self.next.kind == "words" and self.next.text in {"and", "or"}):
            self.take()
            found.append(self.comparison())
        return found[0] if len(found) == 1 else Items(tuple(found), **self.span(first))

    def comparison(self) -> Node:
        """Read one side, or several with relations between them."""
        first, at = self.place, self.next
        left = self.needed(self.sum(), "here", at)
        count = 0
        while self.next.kind == "relation":
            count += 1
            if count > MOST_DEPTH:
                raise self.fail(f"more than {MOST_DEPTH} relations in one bracket")
            relation = self.take().text
            right = self.needed(self.sum(), "here", at)
            left = Compared(left, relation, right, **self.span(first))
        return left

    def script_argument(self) -> Node | None:
        """Read what stands in a script: a group, a bracket or one token; None for an empty group."""
        token = self.next
        if token.is_char("{"):
            if self.braces[self.place] == self.place + 1:
                self.place += 2
                return None
            return self.group(self._script_body, script=True)
        if token.is_char(*ALONE):
            self.take()
            return Name(ALONE[token.text], start=token.start, end=token.end)
        if token.is_char("(", "["):
            return self.fenced()
        if token.kind == "finish":
            raise self.fail("a script with nothing in it")
        if token.kind == "digit":
            return self.number(single=True)
        if token.kind == "gone":
            self.take()
            return None
        kept, self.script = self.script, True
        with self.deeper():
            found = self.atom()
        self.script = kept
        return found

    def _script_body(self) -> Node:
        if self.place + 1 == self.stop and self.next.is_char(*ALONE):
            token = self.take()
            return Name(ALONE[token.text], start=token.start, end=token.end)
        return self.given()

    def scripted(self, base: Node, first: int) -> Node:
        """Read the scripts, primes and exclamation marks behind a base."""
        sub: Node | None = None
        sup: Node | None = None
        primes = 0
        while True:
            token = self.next
            if token.is_char("_") and sub is None:
                self.take()
                sub = self.script_argument()
            elif token.is_char("^") and sup is None:
                self.take()
                sup = self.script_argument()
            elif token.is_char("'") or token.is_command("prime"):
                self.take()
                primes += 1
            elif token.is_char("^") and not self.script:
                base, sub, sup, primes = Scripted(base, sub, sup, primes, **self.span(first)), None, None, 0
                self._count(base)
            elif token.is_char("_", "^"):
                raise self.fail(f"two {'sub' if token.text == '_' else 'super'}scripts")
            else:
                break
        if sub is None and sup is None and not primes:
            return base
        return Scripted(base, sub, sup, primes, **self.span(first))

    def _count(self, node: Node) -> None:
        """Raise ReadingError where scripts are heaped on each other."""
        depth = 0
        while isinstance(node, Scripted):
            node, depth = node.base, depth + 1
        if depth > 3:
            raise self.fail("too many superscripts")
