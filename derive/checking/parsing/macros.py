r"""User macros, as \newcommand, \def, \DeclareMathOperator and \let make them: expanded in tokens, with hard limits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from derive.checking.parsing.limits import MOST_MACRO_DEPTH, MOST_TOKENS
from derive.checking.parsing.problems import ReadingError
from derive.checking.parsing.stack import Stack
from derive.checking.parsing.tokens import Token


@dataclass(frozen=True)
class Macro:
    """A user's macro. parameters: how many. body: its tokens, parameters as #1, #2. default: of an optional first."""

    parameters: int
    body: tuple[Token, ...]
    default: tuple[Token, ...] | None = None


def expand(tokens: Sequence[Token], macros: Mapping[str, Macro]) -> list[Token]:
    """Expand all macros. Raises ReadingError for ones that do not end, or grow beyond all measure."""
    if not macros:
        return list(tokens)
    stack = Stack(tokens)
    done: list[Token] = []
    while stack:
        token = stack.take()
        macro = macros.get(token.text) if token.kind == "command" else None
        if macro is None:
            done.append(token)
        elif token.depth >= MOST_MACRO_DEPTH:
            raise ReadingError(f"the macro \\{token.text} does not come to an end", token.start + 1)
        else:
            stack.push(_called(macro, token, stack), token)
    return done


def _called(macro: Macro, call: Token, stack: Stack) -> list[Token]:
    """Return the body with the arguments put in; what comes of the body stands at the place of the call."""
    arguments: list[tuple[Token, ...]] = []
    if macro.default is not None and macro.parameters:
        given = stack.bracketed()
        arguments.append(macro.default if given is None else given)
    while len(arguments) < macro.parameters:
        arguments.append(stack.argument(call))
    found: list[Token] = []
    for token in macro.body:
        if token.kind == "char" and token.text[0] == "#" and len(token.text) > 1:
            number = int(token.text[1:])
            if number > len(arguments):
                raise ReadingError(f"the macro \\{call.text} has no argument {token.text}", call.start + 1)
            found.extend(part._replace(depth=call.depth + 1) for part in arguments[number - 1])
            if len(found) > MOST_TOKENS:
                raise ReadingError(f"the macro \\{call.text} becomes too long", call.start + 1)
        else:
            spaced = token.spaced if found else call.spaced
            found.append(token._replace(start=call.start, end=call.end, spaced=spaced, depth=call.depth + 1))
    return found
