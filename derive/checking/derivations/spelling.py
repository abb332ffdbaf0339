"""Formulas of the language in the letters of a document."""

import re

from derive.checking.derivations.conventions import GREEK
from derive.checking.derivations.vocabulary import Vocabulary
from derive.language.entrywise import Entrywise
from derive.language.expr import Expr
from derive.language.family import Family, Role, Symbol
from derive.language.functions import Size, Sum
from derive.language.index import Extent, Index
from derive.rendering.latex_style import latex
from derive.rendering.layout import Layout
from derive.rendering.notation import notation
from derive.rendering.text_style import text


class Speller:
    """Writes formulas as a document would."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """vocabulary: of the document."""
        self._vocabulary = vocabulary
        self._sizes = {extent: letter for letter, extent in reversed(list(vocabulary.sizes.items()))}
        self._names = {m.family: name for name, m in reversed(list(vocabulary.names.items())) if not m.way}

    def latex(self, expr: Expr) -> str | None:
        """The formula, None for one that has no spelling: an entry, a family under another form."""
        layout = self._layout(expr)
        return None if layout is None else re.sub(r"\\mathrm\{(\w)\\_\}", r"{\1'}", latex(layout))

    def text(self, expr: Expr) -> str | None:
        """The formula in plain Unicode, None for one that has no spelling."""
        layout = self._layout(expr)
        return None if layout is None else text(layout)

    def _layout(self, expr: Expr) -> Layout | None:
        if expr.contains(lambda part: isinstance(part, Entrywise)):
            return None
        try:
            return notation(self._respelled(expr))
        except (KeyError, TypeError, StopIteration):
            return None

    def _respelled(self, expr: Expr) -> Expr:
        match expr:
            case Symbol(family, indices):
                return self._symbol(family, indices)
            case Size(extent):
                return Size(Extent(self._sizes.get(extent, extent.name)))
            case Sum(index, body):
                return Sum(self._index(index), self._respelled(body))
        return expr.map(self._respelled)

    def _index(self, index: Index) -> Index:
        return Index(index.name, Extent(self._sizes.get(index.size, index.size.name)))

    def _symbol(self, family: Family, indices: tuple[Index, ...]) -> Symbol:
        vocabulary = self._vocabulary
        spelled = tuple(map(self._index, indices))
        if family == vocabulary.notation.gamma:
            name = next(iter(sorted(vocabulary.gammas)))
            spelled = spelled[::-1] if name in vocabulary.component_first else spelled
        elif family == vocabulary.notation.z:
            name = next(iter(vocabulary.labels))
        elif family.role is Role.MULTIPLIER:
            name = family.latex
        elif family.name.endswith("_old"):
            raise KeyError(family.name)
        else:
            name = self._names[family]
        letter = f"\\{name}" if name.lower() in GREEK else name
        plates = tuple(Index(index.name, index.size) for index in spelled)
        return Symbol(Family(family.name, family.role, plates, family.shape, family.domain, latex=letter), spelled)
