"""The functions on features in a generated module: features of a block, natural parameters, statistics from sums."""

from derive.emission import known, prologue
from derive.emission.calls import fitted_call
from derive.emission.data import take_data
from derive.emission.docstrings import equation, wrapped
from derive.emission.filling import Filling
from derive.emission.gathering import Gathering
from derive.emission.known import keyword_only
from derive.emission.model import Model
from derive.emission.rows import placed
from derive.emission.statements import Writer
from derive.emission.unicode import shape, unicode
from derive.emission.views import FunctionView
from derive.language.expr import Number, Transpose, Word
from derive.language.family import Family, Symbol
from derive.lowering.cost import condition
from derive.lowering.features import FeaturePrograms
from derive.lowering.program import Program
from derive.proof.derivation import Features, Statistics

DOUBLE = "np.float64"
UPPER = FunctionView(
    "_upper(D: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]",
    "Rows and columns of the upper triangle of a D × D matrix, a diagonal after the other.",
    (),
    (
        "rows = np.concatenate([np.arange(D - d) for d in range(D)])",
        "columns = np.concatenate([np.arange(d, D) for d in range(D)])",
        "return rows, columns",
    ),
)


class FeatureFunctions:
    """Writes the functions on features of one model; ``imports`` collects what they need."""

    def __init__(self, model: Model, programs: FeaturePrograms, imports: set[str]) -> None:
        found, statistics = model.derivation.features, model.derivation.statistics
        assert found is not None  # noqa: S101 - for the type checker
        assert statistics is not None  # noqa: S101 - for the type checker
        self.model, self.programs, self.imports = model, programs, imports
        self.found: Features = found
        self.statistics: Statistics = statistics
        values = {output.name: output.node.axes for output in programs.values.outputs}
        self.rows = placed(
            (feature, values[f"feature_{j}"][1:] if values[f"feature_{j}"] else ())
            for j, feature in enumerate(found.varying)
        )

    def all(self) -> tuple[FunctionView, ...]:
        """All functions on features, and the helper that triangles need."""
        views = [self.features(), self.natural_parameters()]
        if self.found.shared:
            views += [self.shared_statistics(), self.shared_parameters()]
        views += Gathering(self.model, self.programs, self.rows).all()
        if any(rows.triangle for rows in self.rows):
            views += [*self._faster(), UPPER]
        return tuple(views)

    def _faster(self) -> list[FunctionView]:
        """Which strategy is the faster one, where that depends on the sizes."""
        sides = [rows.triangle for rows in self.rows if rows.triangle]
        components, coordinates = self.model.plates[1], self.model.coordinates
        if set(sides) != {coordinates}:
            return []
        doc = ("Features are all products of two coordinates, D (D + 1) / 2 of them: too many where D is large.",)
        other = "whitened" if self._is_quadratic else "centred"
        body = (f'return "features" if {condition(sides, components)} else "{other}"',)
        signature = f"faster({components}: int, {coordinates}: int) -> str"
        title = "The faster way to an iteration: by features, or by whitening with triangular matrices."
        if not self._is_quadratic:
            title = "The faster way to an iteration: by features, or by differences from the parameters."
        return [FunctionView(signature, title, doc, body)]

    def constants(self) -> tuple[str, ...]:
        """The name of the parameter that moves with the data; whether the log joint is a quadratic function of them."""
        located = self.found.located
        if located is None:
            return ()
        name = f'LOCATION = "{located.target.family.code}"'
        return (name, "QUADRATIC = True") if self._is_quadratic else (name,)

    @property
    def _is_quadratic(self) -> bool:
        """Whether the features are 1, the sample and its products with itself, in this order, about a location."""
        if self.found.located is None or self.found.shared:
            return False
        match [rows.feature.core for rows in self.rows]:
            case [Number(), Symbol() as x, Word((Symbol() as one, Transpose(Symbol() as other)))]:
                return x == one == other and x.family == self.model.data
        return False

    def features(self) -> FunctionView:
        """The features of a block."""
        filling = Filling(self.model, self.programs.values, self.rows)
        lines = filling.lines()
        self.imports |= filling.writer.printer.imports
        used = self._of(self.programs.values, "known")
        arrays = [("X", self.model.axes(self.model.data)), *((f.code, self.model.axes(f)) for f in used)]
        body = [
            take_data(self.model, "block"),
            *known.converted(self.model, self.programs.values, "X.dtype"),
            *prologue.sizes(filling.sizes, arrays),
            *lines,
        ]
        step = self.model.derivation.step(self.found.joint)
        about = [f"    ({step.number}) {unicode(step.left)} = {unicode(step.right)}", ""]
        about += wrapped([f"block: data, shape {shape(self.model.axes(self.model.data))}."])
        about += wrapped([self.model.described(family) for family in used])
        last = self.rows[-1].end
        about += wrapped([f"out: array to be filled, shape ({last}, {self.model.plates[0]}): {self._row_words()}."])
        title = "Functions of the data in which the log joint is linear, a column for each sample."
        signature = f"features(block: Array, out: Array{keyword_only(used)}) -> None"
        return FunctionView(signature, title, tuple(about), tuple(body))

    def _row_words(self) -> str:
        words = []
        for rows in self.rows:
            text = unicode(rows.feature.core)
            words.append(f"{text}, the upper triangle a diagonal after the other" if rows.triangle else text)
        return "; ".join(words)

    def natural_parameters(self) -> FunctionView:
        """The natural parameters of the varying features."""
        program = self.programs.natural
        lines, writer = self._written(program)
        parts = []
        for rows in self.rows:
            natural = rows.feature.natural
            if natural is None:
                parts.append(f"np.zeros(({self.model.plates[1]}, {rows.end} - ({rows.start})))")
                writer.printer.sizes |= {self.model.plates[1], *(axis.size for axis in rows.axes)}
                continue
            name = next(writer.fixed[out.node] for out in program.outputs if out.name == natural.target.family.code)
            if rows.triangle:
                lines += [f"rows, columns = _upper({rows.triangle})"]
                writer.printer.sizes.add(rows.triangle)
                lines += [f"both = {name}[:, rows, columns] + {name}[:, columns, rows]  # equal but for rounding"]
                parts.append("np.where(rows == columns, 0.5, 1.0) * both")
            else:
                parts.append(
                    {0: f"{name}[:, np.newaxis]", 1: name}.get(len(rows.axes), f"{name}.reshape(len({name}), -1)")
                )
        body = [
            *self._prologue(program, writer),
            *lines,
            *fitted_call(f"return np.concatenate(({', '.join(parts)}), axis=1)"),
        ]
        doc = [
            line for rows in self.rows if rows.feature.natural is not None for line in equation(rows.feature.natural)
        ]
        size = f"({self.model.plates[1]}, {self.rows[-1].end})"
        doc += ["", *self._described(program), f"Shape {size}, in the order of the rows of features."]
        doc += wrapped(
            ["Entries off the diagonal of a symmetric matrix count twice, as they stand in features once."]
            if any(rows.triangle for rows in self.rows)
            else []
        )
        title = "What multiplies the features in the log joint: a row for each component."
        return FunctionView(self._signature("natural_parameters", program), title, tuple(_trimmed(doc)), tuple(body))

    def shared_statistics(self) -> FunctionView:
        """The sums of the shared features."""
        program = self.programs.shared_sums
        names = {output.node: output.name for output in program.outputs}
        writer = Writer(program, names)
        lines = writer.run()
        self.imports |= writer.printer.imports
        used = self._of(program, "known")
        arrays = [("X", self.model.axes(self.model.data)), *((f.code, self.model.axes(f)) for f in used)]
        body = [
            take_data(self.model, "block"),
            *known.converted(self.model, program, "X.dtype"),
            *prologue.sizes(writer.printer.sizes, arrays),
            *lines,
            *fitted_call(f"return {_flat([(names[out.node], not out.node.axes) for out in program.outputs])}"),
        ]
        texts = "; ".join(unicode(feature.core) for feature in self.found.shared)
        doc = wrapped(
            [
                f"block: data, shape {shape(self.model.axes(self.model.data))}.",
                *(self.model.described(family) for family in used),
                f"They are of {texts}.",
            ]
        )
        title = "Sums over a block of what all components share in the log joint: they need no responsibilities."
        signature = f"shared_statistics(block: Array{keyword_only(used)}) -> Array"
        return FunctionView(signature, title, tuple(doc), tuple(body))

    def shared_parameters(self) -> FunctionView:
        """The natural parameters of the shared features."""
        program = self.programs.shared_natural
        lines, writer = self._written(program)
        parts = [(writer.fixed[output.node], not output.node.axes) for output in program.outputs]
        unused = [] if any(node.source == "parameter" for node in program.inputs) else ["del parameters  # not needed"]
        body = [*unused, *self._prologue(program, writer), *lines, *fitted_call(f"return {_flat(parts)}")]
        doc = [line for feature in self.found.shared if feature.natural for line in equation(feature.natural)]
        doc += ["", *self._described(program), "One number for each of the shared statistics."]
        title = "What multiplies the shared statistics in the log-likelihood."
        return FunctionView(self._signature("shared_parameters", program), title, tuple(_trimmed(doc)), tuple(body))

    def _written(self, program: Program) -> tuple[list[str], Writer]:
        writer = Writer(program, {output.node: output.name for output in program.outputs})
        writer.printer.dtype = DOUBLE
        lines = writer.run()
        self.imports |= writer.printer.imports
        return lines, writer

    def _prologue(self, program: Program, writer: Writer) -> list[str]:
        used = {node.name for node in program.inputs}
        families = (*self.model.parameters, *self.model.knowns)
        arrays = [(family.code, self.model.axes(family)) for family in families if family.code in used]
        return [
            *prologue.unpacked(self.model, program, DOUBLE),
            *known.converted(self.model, program, DOUBLE),
            *prologue.sizes(writer.printer.sizes, arrays),
        ]

    def _described(self, program: Program) -> list[str]:
        return wrapped([self.model.described(family) for family in self._of(program, "known")])

    def _signature(self, name: str, program: Program) -> str:
        used = self._of(program, "known")
        parameters = "parameters: Parameters"
        return f"{name}({parameters}{keyword_only(used)}) -> Array"

    def _of(self, program: Program, source: str) -> tuple[Family, ...]:
        used = {node.name for node in program.inputs if node.source == source}
        return tuple(family for family in self.model.knowns if family.code in used)


def _flat(values: list[tuple[str, bool]]) -> str:
    """Return the text of one array of all values; whether each is a number."""
    if all(is_number for _, is_number in values):
        return f"np.array([{', '.join(name for name, _ in values)}], dtype=np.float64)"
    if len(values) == 1:
        return f"np.ravel({values[0][0]})"
    parts = (f"[{name}]" if is_number else f"np.ravel({name})" for name, is_number in values)
    return f"np.concatenate([{', '.join(parts)}])"


def _trimmed(lines: list[str]) -> list[str]:
    while lines and not lines[-1]:
        lines = lines[:-1]
    return lines
