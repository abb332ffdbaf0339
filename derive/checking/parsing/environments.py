"""Tables inside formulas: cases, matrices, and rows stacked below a sum sign."""

from derive.checking.parsing.functions import Functions
from derive.checking.parsing.tree import Items, Name, Node, Table


class Environments(Functions):
    """Reads environments inside a formula."""

    def environment(self) -> Node:
        r"""Read \begin{cases} ... \end{cases}."""
        first, opening = self.place, self.take()
        end = self._end(first)
        begin = self.place
        if opening.text.rstrip("*") in {"array", "alignedat", "tabular"} and self.next.is_char("{"):
            begin = self.braces[self.place] + 1
        rows = self._rows(begin, end)
        self.place = end + 1
        return Table(opening.text.rstrip("*"), rows, **self.span(first))

    def _end(self, first: int) -> int:
        depth = 0
        for place in range(first, self.stop):
            token = self.tokens[place]
            depth += (token.kind == "begin") - (token.kind == "end")
            self.worked()
            if depth == 0 and token.kind == "end":
                if token.text != self.tokens[first].text:
                    raise self.fail(f"\\begin{{{self.tokens[first].text}}} is closed by \\end{{{token.text}}}", token)
                return place
        raise self.fail(f"\\begin{{{self.tokens[first].text}}} is never closed", self.tokens[first])

    def _rows(self, begin: int, end: int) -> tuple[tuple[Node, ...], ...]:
        rows: list[tuple[Node, ...]] = []
        cells: list[Node] = []
        start, depth, place = begin, 0, begin
        while place <= end:
            token = self.tokens[place] if place < end else self.finish
            depth += (token.kind == "begin") - (token.kind == "end" and place < end)
            if token.is_char("{"):
                place = self.braces[place] + 1
                continue
            row = place == end or token.is_command("\\", "cr", "newline")
            if depth == 0 and (row or token.is_char("&")):
                if start < place or cells or not row:
                    cells.append(self._cell(start, place))
                start = place + 1
                if row and cells:
                    rows.append(tuple(cells))
                    cells = []
            place += 1
        return tuple(rows)

    def _cell(self, start: int, stop: int) -> Node:
        while stop > start and self.tokens[stop - 1].is_char(",", ".", ";"):
            stop -= 1
        if start == stop:
            return Name("", word=True)
        self.table += 1
        found = self.part(start, stop, self._in_cell)
        self.table -= 1
        return found

    def _in_cell(self) -> Node:
        words: list[Node] = []
        while self.next.kind == "words":
            name = self.symbol()
            words += [] if name is None else [name]
        if self.next.kind == "finish":
            return words[0]
        found = self.items()
        while self.next.kind == "words":
            self.take()
        return found

    def stacked(self) -> Node:
        r"""Read \substack{a \\ b}: a list."""
        first, token = self.place, self.take()
        if not self.next.is_char("{"):
            raise self.fail(f"\\{token.text} lacks an argument", token)
        opening = self.place
        closing = self.braces[opening]
        rows = self._rows(opening + 1, closing)
        self.place = closing + 1
        return Items(tuple(cell for row in rows for cell in row), **self.span(first))
