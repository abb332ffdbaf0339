"""Tokens yet to be read, from which arguments are taken and to which what they stand for is given back."""

from collections.abc import Iterable, Sequence

from derive.checking.parsing.limits import MOST_TOKENS
from derive.checking.parsing.problems import ReadingError
from derive.checking.parsing.tokens import Token


class Stack:
    """Tokens, the next one last. All work is counted, so that no row takes for ever."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        """Take the tokens in order."""
        self.tokens = list(reversed(tokens))
        self.work = 0

    def __bool__(self) -> bool:
        return bool(self.tokens)

    @property
    def next(self) -> Token | None:
        """The next token, None at the end."""
        return self.tokens[-1] if self.tokens else None

    def take(self) -> Token:
        """Take the next token."""
        return self.tokens.pop()

    def push(self, tokens: Sequence[Token], call: Token) -> None:
        """Give back tokens to be read next. Raises ReadingError if all that was given back is too much."""
        self.work += len(tokens) + 1
        if self.work > MOST_TOKENS or len(self.tokens) > MOST_TOKENS:
            raise ReadingError(f"\\{call.text} becomes too long", call.start + 1)
        self.tokens.extend(reversed(tokens))

    def bracketed(self) -> tuple[Token, ...] | None:
        """Take an optional argument in square brackets, None if there is none."""
        if not self.tokens or not self.tokens[-1].is_char("["):
            return None
        depth = 0
        for place in range(len(self.tokens) - 2, -1, -1):
            token = self.tokens[place]
            if token.is_char("]") and depth == 0:
                found = tuple(reversed(self.tokens[place + 1 : -1]))
                del self.tokens[place:]
                return found
            depth += token.is_char("{") - token.is_char("}")
            if depth < 0:
                break
        return None

    def argument(self, call: Token) -> tuple[Token, ...]:
        """Take a group in braces, without them, or one token. Raises ReadingError where there is none."""
        if not self.tokens or self.tokens[-1].is_char("}"):
            raise ReadingError(f"\\{call.text} lacks an argument", call.start + 1)
        first = self.take()
        if not first.is_char("{"):
            return (first,)
        depth = 1
        for place in range(len(self.tokens) - 1, -1, -1):
            token = self.tokens[place]
            depth += token.is_char("{") - token.is_char("}")
            if depth == 0:
                found = tuple(reversed(self.tokens[place + 1 :]))
                del self.tokens[place:]
                self.work += len(found)
                if self.work > MOST_TOKENS:
                    raise ReadingError(f"\\{call.text} becomes too long", call.start + 1)
                return found
        raise ReadingError("a brace { that is never closed", first.start + 1)


def words_of(tokens: Iterable[Token]) -> str | None:
    r"""Return the letters in \mathrm{...}, thin spaces left out; None if something else stands there."""
    found = ""
    for token in tokens:
        if token.kind in {"letter", "digit"} or token.is_char("-", ".", "_"):
            found += (" " if token.spaced and found else "") + token.text
        elif token.kind == "text":
            found += token.text
        elif not token.is_command(",", ";", ":", "!", " ", "thinspace", "nolimits"):
            return None
    return found
