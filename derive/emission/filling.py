"""Statements that fill the rows of features: products of rows that are already there, and values of their own."""

from dataclasses import dataclass, field

from derive.emission.lines import INDENT, fitted
from derive.emission.model import Model
from derive.emission.rows import Rows
from derive.emission.statements import Writer
from derive.emission.unicode import unicode
from derive.language.expr import Expr, Number, Power, Transpose, Word
from derive.language.family import Symbol
from derive.language.functions import DiagonalPart
from derive.language.index import ONE
from derive.lowering.program import Program


@dataclass
class Filling:
    """Writes the statements of one model. sizes: the names that they need."""

    model: Model
    program: Program
    rows: tuple[Rows, ...]
    sizes: set[str] = field(default_factory=set)
    held: dict[Expr, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """What has no statement of its own kind is computed for all samples at once."""
        outputs = {output.name: output for output in self.program.outputs}
        plain = [outputs[f"feature_{j}"] for j, rows in enumerate(self.rows) if not _is_product(rows.feature.core)]
        self.program = Program(self.program.name, tuple(plain))
        self.writer = Writer(self.program, {output.node: output.name for output in plain})

    def lines(self) -> list[str]:
        """Return the statements."""
        values = self.writer.run()
        self.sizes |= self.writer.printer.sizes
        found = [*values]
        for j, rows in enumerate(self.rows):
            self.sizes.update(axis.size for axis in rows.axes)
            found += self._filled(f"feature_{j}", rows)
        return found

    def _filled(self, name: str, rows: Rows) -> list[str]:
        core, target = rows.feature.core, f"out[{rows.slice if rows.axes else rows.place}]"
        if not _is_product(core):
            return self._copied(name, rows, target)
        match core:
            case Number():
                return [f"out[{rows.place}] = {core}"]
            case Symbol(family):
                array = "X" if family == self.model.data else family.code
                if len(rows.axes) > 1:
                    return self._copied(array, rows, target)
                self.held[core] = target
                return fitted(f"{target} = {array}{'.T' if rows.axes else ''}", unicode(core))
            case Power(base, _):
                lines, name = self._named(base)
                return [*lines, *fitted(f"np.multiply({name}, {name}, out={target})", unicode(core))]
            case DiagonalPart(Word((vector, _))):
                lines, name = self._named(vector)
                return [*lines, *fitted(f"np.multiply({name}, {name}, out={target})", unicode(core))]
            case Word((Transpose(vector), _)):
                lines, name = self._named(vector)
                return [*lines, *fitted(f'np.einsum("dn,dn->n", {name}, {name}, out={target})', unicode(core))]
            case Word((vector, _)):
                return self._triangle(vector, rows)
        raise AssertionError(core)

    def _copied(self, name: str, rows: Rows, target: str) -> list[str]:
        """Turn a value of each sample into rows; of a symmetric matrix the upper triangle."""
        about = unicode(rows.feature.core)
        if rows.triangle:
            taken = f"{target} = {name}[:, rows, columns].T"
            return [f"rows, columns = _upper({rows.triangle})", *fitted(taken, f"{about}, its upper triangle")]
        turned = f"{name}.reshape(len(X), -1).T" if len(rows.axes) > 1 else f"{name}.T" if rows.axes else name
        return fitted(f"{target} = {turned}", about)

    def _triangle(self, vector: Expr, rows: Rows) -> list[str]:
        lines, name = self._named(vector)
        size = rows.triangle
        products = f"np.multiply({name}[: {size} - d], {name}[d:], out=out[row : row + {size} - d])"
        return [
            *lines,
            f"row = {rows.start}",
            f"for d in range({size}):",
            *fitted(products, f"{unicode(rows.feature.core)}, a diagonal", INDENT),
            f"{INDENT}row += {size} - d",
        ]

    def _named(self, core: Expr) -> tuple[list[str], str]:
        """Return the name of the rows of a symbol, and the statement that gives it."""
        assert isinstance(core, Symbol)  # noqa: S101 - see _is_product
        name = core.family.name
        if core in self.held and self.held[core].startswith("out["):
            held, self.held[core] = self.held[core], name
            return [f"{name} = {held}"], name
        if core in self.held:
            return [], name
        self.held[core] = name
        array = "X" if core.family == self.model.data else core.family.code
        value = f"np.ascontiguousarray({array}.T)" if len(self.model.axes(core.family)) > 1 else array
        return [f"{name} = {value}"], name


def _is_product(core: Expr) -> bool:
    """Whether a value has a statement of its own kind: one, a symbol, or a product of a symbol with itself."""
    match core:
        case Number():
            return True
        case Symbol():  # a matrix may be stored as its diagonal
            return core.shape.cols == ONE
        case Power(Symbol(), exponent):
            return bool(exponent == 2)
        case DiagonalPart(Word((Symbol() as one, Transpose(other)))):
            return one == other
        case Word((Transpose(Symbol() as one), Symbol() as other)):
            return one == other
        case Word((Symbol() as one, Transpose(Symbol() as other))):
            return one == other
    return False
