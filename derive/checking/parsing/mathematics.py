r"""Mathematics in a source, after what opens it: $, $$, \(, \[ or an environment."""

import re

from derive.checking.parsing.segments import DISPLAYS, ENVIRONMENT, Segment, closed, environments, paragraph_end

FORMULA = re.compile(r"[\\_^=<>+*/|]|^\s*[A-Za-zΑ-ω]\s*$")
MOST_INLINE = 5_000


class Mathematics:
    """The mathematics of a text."""

    def __init__(self, text: str, *, money: bool) -> None:
        """money: a dollar sign may be one (Markdown)."""
        self.text, self.money = text, money
        self.environments = environments(text)
        self.missing: set[str] = set()  # closing marks that do not come any more

    def at(self, start: int) -> tuple[Segment, int] | None:
        """Return the mathematics that opens at an offset and where it ends; None where what stands there opens none."""
        text = self.text
        if text.startswith("$$", start):
            return self._between(start, "$$", "display")
        if text.startswith("\\[", start):
            return self._between(start, "\\]", "display")
        if text.startswith("\\(", start):
            return self._between(start, "\\)", "inline")
        if text.startswith("$", start):
            return self._dollar(start)
        found = ENVIRONMENT.match(text, start)
        if found is None or found.group(1) == "end" or found.group(2) not in DISPLAYS:
            return None
        end = self.environments.get(start)
        if end is None:
            stop = paragraph_end(text, found.end())
            return Segment("display", start, stop, f"\\begin{{{found.group(2)}}} is never closed"), stop
        return Segment("display", start, end[1]), end[1]

    def _between(self, start: int, mark: str, kind: str) -> tuple[Segment, int]:
        begin = start + 2
        stop = None if mark in self.missing else closed(self.text, mark, begin)
        if stop is None:
            self.missing.add(mark)
            end = paragraph_end(self.text, begin)
            return Segment(kind, begin, end, f"{self.text[start:begin]} is never closed"), end
        return Segment(kind, begin, stop), stop + len(mark)

    def _dollar(self, start: int) -> tuple[Segment, int] | None:
        text, begin = self.text, start + 1
        stop = closed(text, "$", begin, paragraph_end(text, begin, MOST_INLINE))
        if stop is None or stop == begin:
            return None
        content = text[begin:stop]
        if self.money and content.strip():
            tight = not content[0].isspace() and not content[-1].isspace()
            money = content[0].isdigit() and text[stop + 1 : stop + 2].isdigit()
            if money or (not tight and not FORMULA.search(content)):
                return None
        return Segment("inline", begin, stop), stop + 1
