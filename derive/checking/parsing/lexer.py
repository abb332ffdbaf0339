"""From the text of a row to tokens, with their spans. Nothing is known here of what a command means."""

import re

from derive.checking.parsing import characters as known
from derive.checking.parsing.limits import MOST_CHARACTERS
from derive.checking.parsing.problems import ReadingError
from derive.checking.parsing.tables import STRUCK, TEXTS
from derive.checking.parsing.tokens import Token

COMMAND = re.compile(r"\\(?:(?P<name>[A-Za-z]+\*?)|(?P<sign>.))", re.DOTALL)
STARRED = frozenset({"operatorname*", "hspace*", "vspace*", "tag*", "DeclareMathOperator*"})
BLANK = re.compile(r"\s+")
COMMENT = re.compile(r"%[^\n]*\n?")
ENVIRONMENT = re.compile(r"\s*\{\s*([A-Za-z]+\*?)\s*\}")
PARAMETER = re.compile(r"#[1-9]")
WHOLE = frozenset({"begin", "end"})


def tokenise(text: str) -> list[Token]:
    """Return the tokens of a row. Raises ReadingError for characters that no formula has."""
    if len(text) > MOST_CHARACTERS:
        raise ReadingError(f"a row of more than {MOST_CHARACTERS // 1000} kB", 1)
    return _Lexer(text).run()


class _Lexer:
    def __init__(self, text: str, shift: int = 0) -> None:
        self.text, self.shift = text, shift
        self.place = 0
        self.spaced = False
        self.tokens: list[Token] = []

    def run(self) -> list[Token]:
        while self.place < len(self.text):
            self._one()
        return self.tokens

    def _add(self, kind: str, text: str, start: int, end: int) -> None:
        self.tokens.append(Token(kind, text, start + self.shift, end + self.shift, "", self.spaced))
        self.spaced = False

    def _one(self) -> None:
        text, start = self.text, self.place
        character = text[start]
        if blank := BLANK.match(text, start):
            self.place, self.spaced = blank.end(), True
        elif character == "\\":
            self._command(start)
        elif character == "%":
            comment = COMMENT.match(text, start)
            self.place, self.spaced = (comment.end() if comment else len(text)), True
        elif character == "~":
            self.place, self.spaced = start + 1, True
        elif character == "#" and (parameter := PARAMETER.match(text, start)):
            self.place = parameter.end()
            self._add("char", parameter.group(), start, self.place)
        else:
            self._plain(character, start)

    def _command(self, start: int) -> None:
        found = COMMAND.match(self.text, start)
        if found is None:
            raise ReadingError("a backslash with nothing after it", start + self.shift + 1)
        name = found["name"] or found["sign"]
        self.place = found.end()
        if found["name"] and name.endswith("*") and name not in STARRED:
            name, self.place = name[:-1], self.place - 1
        if name in WHOLE:
            self._environment(name, start)
        elif name in TEXTS or name in STRUCK - {"cancel", "bcancel", "xcancel", "hcancel"}:
            self._running(name, start)
        elif name in {"_", "*", "&", "%", "#", "$"}:
            self._add("char", {"&": " and "}.get(name, name), start, self.place)
        else:
            self._add("command", name, start, self.place)

    def _environment(self, which: str, start: int) -> None:
        found = ENVIRONMENT.match(self.text, self.place)
        if found is None:
            raise ReadingError(f"\\{which} without the name of an environment", start + self.shift + 1)
        self.place = found.end()
        self._add(which, found.group(1), start, self.place)

    def _running(self, name: str, start: int) -> None:
        r"""Read \text{...}: one token, but for mathematics between dollar signs inside it."""
        text = self.text
        at = BLANK.match(text, self.place)
        begin = at.end() if at else self.place
        if begin >= len(text) or text[begin] != "{":
            self._add("command", "rm" if name in TEXTS else name, start, self.place)
            return
        end, depth = begin, 0
        while end < len(text):
            if text[end] == "\\":
                end += 1
            elif text[end] in "{}":
                depth += 1 if text[end] == "{" else -1
                if depth == 0:
                    break
            end += 1
        else:
            raise ReadingError(f"\\{name}{{ that is never closed", start + self.shift + 1)
        self.place = end + 1
        if name in STRUCK:
            self._add("gone", "", start, self.place)
            return
        parts = text[begin + 1 : end].split("$")
        spaced, offset = self.spaced, begin + 1
        for number, part in enumerate(parts):
            if number % 2 == 0:
                self.spaced = spaced
                self._add("text", part, start if len(parts) == 1 else offset, offset + len(part))
            else:
                self.tokens.extend(_Lexer(part, offset + self.shift).run())
            offset += len(part) + 1

    def _plain(self, character: str, start: int) -> None:
        self.place = start + 1
        character = known.PLAIN.get(character, character)
        if character.isascii() and character.isalpha():
            self._add("letter", character, start, self.place)
        elif character.isascii() and character.isdigit():
            self._add("digit", character, start, self.place)
        elif character.isascii() and character.isprintable():
            self._add("char", character, start, self.place)
        else:
            self._foreign(character, start)

    def _foreign(self, character: str, start: int) -> None:
        name = known.COMMANDS.get(character) or known.GREEK.get(character)
        if character in known.ABOVE or character in known.BELOW:
            self._scripts(start)
        elif name is not None:
            self._add("command", name, start, self.place)
        elif character in known.FRACTIONS:
            self._sequence([("command", "frac"), *(("digit", d) for d in known.FRACTIONS[character])], start)
        elif character in known.COMBINING and self.tokens:
            last = self.tokens.pop()
            self._sequence([("command", known.COMBINING[character]), ("char", "{")], last.start)
            self.tokens += [last, last.like("char", "}")]
        elif (letter := known.styled(character)) is not None:
            style, plain = letter
            self._styled(style, plain, start)
        else:
            shown = character if character.isprintable() else f"U+{ord(character):04X}"
            raise ReadingError(f"the character {shown} is not known in formulas", start + self.shift + 1)

    def _styled(self, style: str, plain: str, start: int) -> None:
        if style:
            self._sequence([("command", "math" + style), ("char", "{"), ("letter", plain), ("char", "}")], start)
        elif plain in known.GREEK:
            self._add("command", known.GREEK[plain], start, self.place)
        elif plain in known.COMMANDS:
            self._add("command", known.COMMANDS[plain], start, self.place)
        else:
            self._add("digit" if plain.isdigit() else "letter", plain, start, self.place)

    def _scripts(self, start: int) -> None:
        """Read a run of raised or lowered characters as a script in braces."""
        table = known.ABOVE if self.text[start] in known.ABOVE else known.BELOW
        end = start
        while end < len(self.text) and self.text[end] in table:
            end += 1
        run = [table[character] for character in self.text[start:end]]
        self.place = end
        self._sequence([("char", "^" if table is known.ABOVE else "_"), ("char", "{")], start)
        for character in run:
            kind = "letter" if character.isalpha() else "digit" if character.isdigit() else "char"
            self._add(kind, character, start, end)
        self._add("char", "}", start, end)

    def _sequence(self, parts: list[tuple[str, str]], start: int) -> None:
        for kind, text in parts:
            self._add(kind, text, start, self.place)
