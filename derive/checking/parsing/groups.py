r"""Groups in invisible braces, the arguments of \frac, and braces below or above a part of a formula."""

from dataclasses import replace

from derive.checking.parsing.environments import Environments
from derive.checking.parsing.tokens import Token
from derive.checking.parsing.tree import Apply, Braced, Items, Name, Node, Sum


class Groups(Environments):
    """Reads groups."""

    def simple_fraction(self) -> Node:
        r"""Read \frac{a}{b}, or the derivative it is."""
        first, token = self.place, self.take()
        if self.next.is_char("["):  # \cfrac[l]
            while not self.take().is_char("]"):
                if self.next.kind == "finish":
                    raise self.fail("[ is never closed", token)
        above = self._bounds(token)
        below = self._bounds(token)
        place = self.place
        node = self.fraction(above, below)
        self.place = place
        return replace(node, **self.span(first))

    def _bounds(self, token: Token) -> tuple[int, int]:
        """Return where an argument begins and ends, and step behind it."""
        begin = self.next
        if begin.is_char("{"):
            opening = self.place
            self.place = self.braces[opening] + 1
            return opening + 1, self.place - 1
        if begin.kind == "finish" or begin.is_char("}"):
            raise self.fail(f"\\{token.text} lacks an argument", token)
        start = self.place
        if begin.kind == "digit":
            self.take()
        else:
            self.one_argument(token.text)
        return start, self.place

    def braces_group(self) -> Node:
        r"""Read a group in invisible braces; {a \over b} and {n \choose k} among them."""
        first = self.place
        closing = self.braces[first]
        depth = 0
        for place in range(first + 1, closing):
            token = self.tokens[place]
            depth += token.is_char("{") - token.is_char("}")
            if depth == 0 and token.is_command("over", "choose"):
                if token.text == "over":
                    node = self.fraction((first + 1, place), (place + 1, closing))
                else:
                    pair = Items(
                        (self.part(first + 1, place, self._needed), self.part(place + 1, closing, self._needed))
                    )
                    node = Apply(Name("binom", start=token.start, end=token.end), pair)
                self.place = closing + 1
                return replace(node, **self.span(first))
        token = self.next
        if closing == first + 1:
            raise self.fail("an empty group")
        found = self.group(self.given)
        if isinstance(found, Sum) and self.next.is_char("^", "_"):
            raise self.fail("braces are not shown: write brackets around what has a script", token)
        return found

    def _needed(self) -> Node:
        at = self.next
        return self.needed(self.sum(), "here", at)

    def underbraced(self) -> Node:
        r"""Read \underbrace{body}_{label}."""
        first, token = self.place, self.take()
        body = self.one_argument(token.text)
        label: Node | None = None
        if self.next.is_char("_", "^"):
            self.take()
            begin = self.next
            if begin.is_char("{"):
                text = " ".join(part.text for part in self.tokens[self.place + 1 : self.braces[self.place]])
                self.place = self.braces[self.place] + 1
                label = Name(text, word=True, start=begin.start, end=begin.end)
            else:
                label = self.one_argument(token.text)
        return Braced(body, label, **self.span(first))
