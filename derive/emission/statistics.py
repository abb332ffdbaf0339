"""The functions on sufficient statistics in a generated module: statistics of a block, merge, update."""

from derive.emission import known, prologue
from derive.emission.calls import fitted_call
from derive.emission.data import take_data
from derive.emission.docstrings import equation, wrapped
from derive.emission.functions import Functions
from derive.emission.statements import Writer, refused_empty
from derive.emission.unicode import count_equation, shape, symbol, unicode
from derive.emission.views import ClassView, FieldView, FunctionView
from derive.language.expr import Expr
from derive.language.family import Family, Role, Symbol
from derive.lowering.axis import Axis
from derive.lowering.program import Program
from derive.proof.derivation import Statistics, UpdateEquation

LIKELIHOOD = "log_likelihood"


class StatisticsFunctions(Functions):
    """Writes the functions of a model that has sufficient statistics."""

    @property
    def _statistics(self) -> Statistics:
        found = self.model.derivation.statistics
        assert found is not None  # noqa: S101 - for the type checker
        return found

    @property
    def _sums(self) -> tuple[Family, ...]:
        return tuple(sum_.target.family for sum_ in self._statistics.sums)

    @property
    def _origins(self) -> tuple[Family, ...]:
        return tuple(origin.origin for origin in self._statistics.origins)

    @property
    def _fields(self) -> tuple[str, ...]:
        sums, origins = ([family.code for family in families] for families in (self._sums, self._origins))
        return (*sums, LIKELIHOOD, *origins)

    def structure(self) -> ClassView:
        """The class of the statistics."""
        fields = [FieldView(sum_.target.family.code, self._sum_words(sum_)) for sum_ in self._statistics.sums]
        words = f"{LIKELIHOOD}: of the samples, at the parameters for which the sums were taken, in nats."
        fields.append(FieldView(LIKELIHOOD, words, "float"))
        for origin in self._statistics.origins:
            family = origin.origin
            what = origin.value.family.code if isinstance(origin.value, Symbol) else "origin"
            about = f"{symbol_of(family)}, the {what} about which the sums are taken"
            fields.append(FieldView(family.code, f"{family.code}: {about}, shape {shape(self.model.axes(family))}."))
        title = "Sufficient statistics of some samples: all that the updates need of them."
        return ClassView("Statistics", title, tuple(fields))

    def _sum_words(self, sum_: UpdateEquation) -> str:
        family = sum_.target.family
        text = " ".join(line.strip() for line in _counted(sum_))
        return f"{family.code}: {text}, shape {shape(self.model.axes(family))}."

    def constant(self) -> str:
        """The declaration of the shapes of what adds up."""
        sizes = [f'"{family.code}": {_tuple(self.model.axes(family))}' for family in self._sums]
        return f'STATISTIC_SHAPES: dict[str, tuple[str, ...]] = {{{", ".join(sizes)}, "{LIKELIHOOD}": ()}}'

    def statistics(self) -> FunctionView:
        """The statistics of a block."""
        program = _there(self.programs.statistics)
        names = {output.node: output.name for output in self.programs.posterior.outputs}
        posterior = Writer(self.programs.posterior, names)
        first = posterior.run()
        lines, writer = self._write(program)
        arrays = [("X", self.model.axes(self.model.data)), ("responsibilities", self._responsibility_axes())]
        arrays += [(family.code, self.model.axes(family)) for family in (*self.model.parameters, *self.model.knowns)]
        used = {node.name for node in program.inputs} | {"X", "responsibilities"}
        taken = known.converted(self.model, self.programs.posterior, "X.dtype")
        values = [origin.value for origin in self._statistics.origins]
        origins = [value.family.code for value in values if isinstance(value, Symbol)]
        places = [
            o.value.family.code if isinstance(o.value, Symbol) else o.origin.code for o in self._statistics.origins
        ]
        results = [family.code for family in self._sums] + [LIKELIHOOD, *places]
        body = [
            take_data(self.model, "block"),
            *self._from_joint(self.programs.posterior),
            *first,
            *prologue.unpacked(self.model, program, needed=origins),
            *(line for line in known.converted(self.model, program, "X.dtype") if line not in taken),
            *prologue.sizes(writer.printer.sizes, [pair for pair in arrays if pair[0] in used]),
            *lines,
            *fitted_call(f"return Statistics({', '.join(results)})"),
        ]
        about = "The sums are taken about the given parameters, so that data far from zero lose no digits."
        doc = [
            *self._defined(self._statistics.sums),
            *(line for sum_ in self._statistics.sums for line in _counted(sum_)),
            "",
            *self._given(last=about if origins else ""),
        ]
        doc = [line.replace("X: data", "block: data") for line in doc]
        signature = f"statistics(block: Array, parameters: Parameters{self._known_arguments}) -> Statistics"
        title = "Sufficient statistics of a block of samples, which may be empty: those of blocks are merged."
        return FunctionView(signature, title, tuple(doc), tuple(body))

    def merge(self) -> FunctionView:
        """The statistics of two blocks together."""
        program = _there(self.programs.merge)
        names = {output.node: output.name for output in program.outputs}
        writer = Writer(program, names)
        writer.printer.dtype = f"a.{self._sums[0].code}.dtype"
        lines = writer.run()
        self.imports |= writer.printer.imports
        arrays = [(f"a.{family.code}", self.model.axes(family)) for family in (*self._sums, *self._origins)]
        results = [*(family.code for family in self._sums), f"a.{LIKELIHOOD} + b.{LIKELIHOOD}"]
        results += [f"b.{family.code}" for family in self._origins]
        body = [
            *prologue.sizes(writer.printer.sizes, arrays),
            *lines,
            *fitted_call(f"return Statistics({', '.join(results)})"),
        ]
        moved = tuple(equation_ for equation_ in self._statistics.moved if equation_.value != equation_.target)
        doc = self._defined(moved)
        for equation_ in moved:
            doc += equation(equation_, unicode(self.model.derivation.step(equation_.number).left))
        about = "Those of the first are moved to the origin of the second: in a stream, that of the newer parameters."
        signature = "merge(a: Statistics, b: Statistics) -> Statistics"
        title = "Sufficient statistics of the samples of both."
        return FunctionView(signature, title, (*doc, "", about) if doc else (), tuple(body))

    def update(self) -> FunctionView:
        """The M-step from statistics."""
        program, updates = _there(self.programs.update), self._statistics.updates
        names = {output.node: output.name for output in program.outputs}
        writer = Writer(program, names)
        dtype = f"{self._sums[0].code}.dtype"
        writer.printer.dtype = dtype
        lines = writer.run()
        self.imports |= writer.printer.imports
        used = {node.name for node in program.inputs}
        start, needed = prologue.previous(self.model, program, dtype)
        wanted = writer.printer.sizes | needed | known.sizes(self.model, program)
        families = (*self._sums, *self._origins)
        arrays = [(family.code, self.model.axes(family)) for family in (*families, *self.model.knowns)]
        taken = [name if name in used or name == self._sums[0].code else "_" for name in self._fields]
        body = [
            f"{', '.join(taken)} = statistics",
            *prologue.knowns(self.model, program, dtype, self._shared),
            *prologue.sizes(wanted, [pair for pair in arrays if pair[0] in used]),
            *known.checked(self.model, program),
            *start,
            *(refused_empty(self._sums[0].code, self._empty(updates)) if self._empty(updates) else []),
            *lines,
            f"return Parameters({', '.join(family.code for family in self.model.parameters)})",
        ]
        doc = [*self._defined(updates), *(line for update in updates for line in equation(update))]
        last = f"Raises ValueError where a component has no points ({self._count} = 0)." if self._empty(updates) else ""
        words = prologue.words_of_previous(program)
        doc += ["", *wrapped([words, *([last] if last else [])])]
        arguments = f"statistics: Statistics, previous: Parameters | None = None{self._shared_knowns()}"
        title = "Parameters that maximise Q: those of m_step on the samples that the statistics are of."
        return FunctionView(f"update({arguments}) -> Parameters", title, tuple(doc), tuple(body))

    def _defined(self, equations: tuple[UpdateEquation, ...]) -> list[str]:
        """The equations of the symbols that stand for something else in these."""
        derivation = self.model.derivation
        found = dict.fromkeys(symbol for equation_ in equations for symbol in _abbreviations(equation_.value))
        lines = []
        for step in derivation.steps:
            if isinstance(step.left, Symbol) and step.left in found:
                lines += equation(UpdateEquation(step.left, step.right, step.number))
        return lines

    @property
    def _shared(self) -> tuple[Family, ...]:
        """The known constants that are none of a sample."""
        samples = self.model.plates[0]
        return tuple(f for f in self.model.knowns if samples not in [axis.size for axis in self.model.axes(f)])

    def _shared_knowns(self) -> str:
        """Keyword arguments for them."""
        names = [family.code for family in self._shared]
        return ", *, " + ", ".join(f"{name}: Array" for name in names) if names else ""

    def all(self) -> tuple[FunctionView, ...]:
        """All functions, those on statistics before the helper at the end."""
        *functions, helper = super().all()
        return (*functions, self.statistics(), self.merge(), self.update(), helper)


def symbol_of(family: Family) -> str:
    """Return a family's symbol at its own indices as text."""
    return symbol(Symbol(family, family.indices))


def _abbreviations(expr: Expr) -> list[Symbol]:
    """Symbols in an expression that are defined by others and are no statistics."""
    if isinstance(expr, Symbol):
        return [expr] if expr.family.definition is not None and expr.family.role is not Role.STATISTIC else []
    return [found for child in expr.children for found in _abbreviations(child)]


def _counted(sum_: UpdateEquation) -> list[str]:
    """Return the equation of a statistic; of the counts with the sum that they are."""
    text = count_equation(sum_.value)
    if text != unicode(sum_.value):
        return [f"    ({sum_.number}) {text}"]
    return equation(sum_)


def _there(program: Program | None) -> Program:
    assert program is not None  # noqa: S101 - for the type checker
    return program


def _tuple(axes: tuple[Axis, ...]) -> str:
    names = [f'"{axis.size}"' for axis in axes]
    return f"({names[0]},)" if len(names) == 1 else f"({', '.join(names)})"
