r"""From raw tokens to those that the parser knows: wrappers, spaces and sizes go; relations, links and words appear."""

from collections.abc import Callable, Container, Sequence

from derive.checking.parsing import setting
from derive.checking.parsing import tables as known
from derive.checking.parsing.problems import ReadingError
from derive.checking.parsing.running import running
from derive.checking.parsing.stack import Stack, words_of
from derive.checking.parsing.tokens import Token, matching

SET_TO = frozenset({"!", "set"})
DEFINED = frozenset({"def", "def.", "Delta", "triangle", "d", "defn", "definition"})
UP_TO_CONSTANT = frozenset({"c", "C", "const", "const.", "+", "+c", "+C", "+const"})

SIGNS = (
    ("<=>", "link", "<=>"),
    ("==>", "link", "=>"),
    ("-->", "relation", "to"),
    ("=>", "link", "=>"),
    ("->", "relation", "to"),
    ("<=", "relation", "<="),
    (">=", "relation", ">="),
    ("==", "relation", "="),
    (":=", "relation", ":="),
    ("=:", "relation", "=:"),
    ("!=", "relation", "!="),
    ("=", "relation", "="),
    ("<", "relation", "<"),
    (">", "relation", ">"),
)


def normalise(tokens: Sequence[Token]) -> list[Token]:
    """Return the tokens that the parser knows. Raises ReadingError for braces that do not match."""
    matching(tokens)
    return _Normaliser(tokens).run()


def without_braces(tokens: list[Token]) -> list[Token]:
    r"""Take the braces from around a function's name: {\rm tr}(A)."""
    found: list[Token] = []
    for token in tokens:
        alone = token.is_char("}") and len(found) > 1 and found[-2].is_char("{")
        if alone and found[-1].kind == "command" and found[-1].text in known.FUNCTIONS.keys() | known.BIGS.keys():
            found[-2:] = [found[-1]]
        else:
            found.append(token)
    return found


class _Normaliser:
    def __init__(self, tokens: Sequence[Token]) -> None:
        self.stack = Stack(tokens)
        self.done: list[Token] = []
        self.scripts: list[str] = [""]  # in which kind of script each open group stands
        self.spaced = False
        self.readers: tuple[tuple[Container[str], Callable[[Token], None]], ...] = (
            (known.SIZES, self._delimiter),
            (setting.WIDE, self._space),
            (setting.SPACES, self._thin),
            (setting.DROPPED, self._dropped),
            (setting.WRAPPERS.keys() | setting.BOXES, self._wrapper),
            (known.ROMAN, self._roman),
            (known.STYLES, self._style),
            (known.STRUCK | {"cancelto"}, self._struck),
            ({"stackrel", "overset", "underset"}, self._stacked),
            (known.RELATIONS, self._relation),
            (known.LINKS, self._link),
            ({"not"}, self._negated),
        )

    def run(self) -> list[Token]:
        while self.stack:
            token = self.stack.take()
            if token.kind == "command":
                self._command(token)
            elif token.kind == "char":
                self._char(token)
            elif token.kind == "letter":
                self._letters(token)
            elif token.kind == "text":
                before = self.done[-1] if self.done else None
                for part in running(token, before, self.stack.next):
                    self._add(part)
            else:
                self._add(token)
        return without_braces(self.done)

    def _add(self, token: Token) -> None:
        if self.spaced and not token.spaced:
            token = token._replace(spaced=True)
        self.spaced = False
        self.done.append(token)

    @property
    def _after_script(self) -> str:
        """The mark of a script that stands directly before, else of the group we are in."""
        if self.done and self.done[-1].is_char("_", "^"):
            return self.done[-1].text
        return self.scripts[-1]

    def _command(self, token: Token) -> None:
        for names, read in self.readers:
            if token.text in names:
                read(token)
                return
        self._add(token)

    def _space(self, token: Token) -> None:
        self._add(token.like("space", ""))

    def _thin(self, token: Token) -> None:
        self.spaced = self.spaced or bool(token.text)

    def _dropped(self, token: Token) -> None:
        for _ in range(setting.DROPPED[token.text]):
            self.stack.bracketed()
            self.stack.argument(token)

    def _struck(self, token: Token) -> None:
        for _ in range(1 + (token.text == "cancelto")):
            self.stack.argument(token)
        self._add(token.like("gone", ""))

    def _relation(self, token: Token) -> None:
        if token.text.startswith("x"):  # \\xrightarrow{why}
            self.stack.bracketed()
            self.stack.argument(token)
        self._add(token.like("relation", known.RELATIONS[token.text]))

    def _link(self, token: Token) -> None:
        self._add(token.like("link", known.LINKS[token.text]))

    def _delimiter(self, token: Token) -> None:
        follows = self.stack.next
        if follows is None or follows.kind not in {"char", "command"}:
            raise ReadingError(f"\\{token.text} without a bracket", token.start + 1)
        self.stack.take()
        if not follows.is_char("."):
            self._add(follows._replace(side=known.SIZES[token.text], spaced=token.spaced))

    def _unwrapped(self, token: Token) -> None:
        """Give back an argument without its braces; as one token it keeps them where an argument is wanted."""
        inside = self.stack.argument(token)
        if self._wanted() and len(inside) > 1:
            opening, closing = token.like("char", "{"), token._replace(kind="char", text="}")
            inside = (opening, *inside, closing)
        self.stack.push(inside, token)

    def _wanted(self) -> bool:
        """Whether an argument may be wanted here."""
        return bool(self.done) and (self.done[-1].is_char("_", "^") or self.done[-1].kind == "command")

    def _wrapper(self, token: Token) -> None:
        for _ in range(setting.WRAPPERS.get(token.text, 0)):
            self.stack.argument(token)
        self.stack.bracketed() if token.text == "bbox" else None
        if token.text in setting.BOXES:
            self._add(token.like("box", ""))
        follows = self.stack.next
        if follows is None:
            return
        if token.text in {"mathbf", "boldsymbol", "bm", "bold"}:
            inside = self.stack.argument(token)
            if len(inside) == 1 and inside[0].kind == "digit" and inside[0].text == "1":
                self._add(inside[0].like("letter", "1"))  # a vector of ones
                return
            braces = (token.like("char", "{"), *inside, token.like("char", "}"))
            self.stack.push(braces, token)
        self._unwrapped(token)

    def _roman(self, token: Token) -> None:
        if token.text == "rm":
            inside: tuple[Token, ...] = ()
            while self.stack.next is not None and self.stack.next.kind == "letter":
                inside += (self.stack.take(),)
        else:
            inside = self.stack.argument(token)
        words = words_of(inside)
        if words:
            self._add_word(token, words)
        elif inside:
            self.stack.push(inside, token)

    def _add_word(self, token: Token, words: str) -> None:
        plain = words.strip().rstrip(".")
        close = plain.replace(" ", "")
        if close in known.FUNCTIONS or close in known.BIGS:
            self._add(token.like("command", close))
        elif len(close) == 1:
            self._add(token.like("letter", close))
        else:
            self._add(token.like("word", "const" if close in {"constant", "consts"} else plain))

    def _style(self, token: Token) -> None:
        inside = self.stack.argument(token)
        style = known.STYLES[token.text]
        if len(inside) == 1 and inside[0].kind in {"letter", "digit"}:
            self._add(token.like("styled", f"{style}:{inside[0].text}"))
        else:
            words = words_of(inside)
            if words is not None and len(words) > 1:
                self._add(token.like("word", words))
            else:
                self.stack.push(inside, token)

    def _stacked(self, token: Token) -> None:
        r"""Read \stackrel{!}{=}: the relation; \underset{x}{\max}: with the bound as a subscript."""
        above, base = self.stack.argument(token), self.stack.argument(token)
        if token.text == "underset":
            low = (token.like("char", "_"), token.like("char", "{"), *above, token.like("char", "}"))
            self.stack.push((*base, *low), token)
            return
        found = _Normaliser(base).run()
        if len(found) != 1 or found[0].kind not in {"relation", "link"}:
            raise ReadingError(f"\\{token.text} over what is no relation", token.start + 1)
        words = (words_of(above) or "".join(part.text for part in above)).strip()
        relation = found[0].text
        if relation == "=":
            relation = "set" if words in SET_TO else ":=" if words in DEFINED else relation
            relation = "=+const" if words in UP_TO_CONSTANT else relation
        self._add(token.like(found[0].kind, relation))

    def _negated(self, token: Token) -> None:
        follows = self.stack.next
        if follows is not None and (follows.is_char("=") or follows.is_command("in", "equiv")):
            self.stack.take()
            self._add(token.like("relation", "notin" if follows.text == "in" else "!="))
        else:
            raise ReadingError("\\not before what is no relation", token.start + 1)

    def _char(self, token: Token) -> None:
        text = token.text
        follows = self.stack.next
        if text == "{" and follows is not None and follows.is_char("}") and not self._wanted():
            self.stack.take()
            return
        if text == "{":
            self.scripts.append(self._after_script)
        elif text == "}" and len(self.scripts) > 1:
            self.scripts.pop()
        for sign, kind, meaning in SIGNS:
            if text == sign[0] and self._continues(sign[1:]) and (sign != "!=" or token.spaced or self.scripts[-1]):
                for _ in sign[1:]:
                    self.stack.take()
                self._add(token.like(kind, meaning)._replace(end=token.end + len(sign) - 1))
                return
        self._add(token)

    def _continues(self, rest: str) -> bool:
        following = self.stack.tokens[-len(rest) :][::-1] if rest else []
        return len(following) == len(rest) and all(
            token.is_char(character) and not token.spaced for token, character in zip(following, rest, strict=True)
        )

    def _letters(self, token: Token) -> None:
        """Read log typed as three letters as a function, and new in a script as a label."""
        run = [token]
        for follows in reversed(self.stack.tokens[-12:]):
            if follows.kind != "letter" or follows.spaced:
                break
            run.append(follows)
        word = "".join(part.text for part in run)
        script = self._after_script
        label = script and word in known.LABELS and len(word) > 1 and (script == self.scripts[-1])
        function = script != "_" and word in known.FUNCTION_RUNS and not (script == "^" and word in {"ln", "tr"})
        if self.done and self.done[-1].kind == "letter" and not token.spaced:
            label = function = False  # not the beginning of the run
        if not label and not function:
            self._add(token)
            return
        for _ in run[1:]:
            self.stack.take()
        whole = token._replace(end=run[-1].end)
        if label and not (function and word in known.FUNCTIONS):
            self._add(whole.like("word", word))
        else:
            self._add_word(whole, word)
