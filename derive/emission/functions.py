"""The functions of a generated module, as views: signature, docstring with equations, statements."""

from dataclasses import dataclass

from derive.emission import known, prologue
from derive.emission.asked import asked_of
from derive.emission.calls import fitted_call
from derive.emission.data import data_function, take_data
from derive.emission.docstrings import equation, wrapped
from derive.emission.empty import needs_count, undefined
from derive.emission.model import Model, domain_words
from derive.emission.statements import Writer
from derive.emission.unicode import shape
from derive.emission.views import FunctionView
from derive.language.index import Extent
from derive.language.indicator import Support
from derive.lowering.axis import Axis
from derive.lowering.functions import Programs, scope_of
from derive.lowering.node import Input
from derive.lowering.operations import Cholesky
from derive.lowering.program import Program
from derive.proof.derivation import UpdateEquation

WIDTH = 116
DOUBLE = "np.float64"


@dataclass
class Functions:
    """Writes the functions of one model; ``imports`` collects what they need."""

    model: Model
    programs: Programs
    imports: set[str]

    @property
    def _known_arguments(self) -> str:
        names = [f"{family.code}: Array" for family in self.model.knowns]
        return ", *, " + ", ".join(names) if names else ""

    @property
    def _passed(self) -> str:
        return "".join(f", {family.code}={family.code}" for family in self.model.knowns)

    def _write(
        self, program: Program, returned: str = "", wrapped: str = "{}", empty: str = ""
    ) -> tuple[list[str], Writer]:
        names = {output.node: output.name for output in program.outputs}
        writer = Writer(program, names, returned, wrapped, empty)
        lines = writer.run()
        self.imports |= writer.printer.imports
        return lines, writer

    @property
    def _table(self) -> str:
        """The shape of what has a row for each sample and a column for each component."""
        return f"({', '.join(self.model.plates)})"

    def _given(self, *more: str, last: str = "") -> list[str]:
        lines = [f"X: data, shape {self._data_shape}{domain_words(self.model.data.domain)}.", *more]
        lines += [self.model.described(family) for family in self.model.knowns]
        return wrapped([*lines, *([last] if last else [])])

    def _refused(self, program: Program) -> str:
        """What log_joint raises."""
        factored = {
            node.arg.name for node in program.nodes() if isinstance(node, Cholesky) and isinstance(node.arg, Input)
        }
        definite = [family.code for family in (*self.model.parameters, *self.model.knowns) if family.code in factored]
        causes = [f"{' or '.join(definite)} not positive definite"] if definite else []
        missed: dict[str, list[str]] = {}
        for family, asked in asked_of(self.model, program):
            missed.setdefault(asked.missed, []).append(family.code)
        causes += [f"{' or '.join(named)} {words}" for words, named in missed.items()]
        linear = f", LinAlgError for {', or '.join(causes)}" if causes else ""
        return f"Raises ValueError where X has another rank{linear}."

    @property
    def _data_shape(self) -> str:
        axes = self.model.axes(self.model.data)
        return shape(axes) if len(axes) == 2 else f"{shape(axes)} or ({axes[0].size}, 1)"

    def log_joint(self) -> FunctionView:
        """The log joint."""
        program, derivation = self.programs.log_joint, self.model.derivation
        lines, writer = self._write(program, returned="log_joint")
        arrays = [("X", self.model.axes(self.model.data))]
        arrays += [(family.code, self.model.axes(family)) for family in (*self.model.parameters, *self.model.knowns)]
        used = {node.name for node in program.inputs} | {"X"}
        body = [
            take_data(self.model),
            *prologue.unpacked(self.model, program),
            *prologue.knowns(self.model, program),
            *prologue.sizes(
                writer.printer.sizes | known.sizes(self.model, program), [pair for pair in arrays if pair[0] in used]
            ),
            *known.checked(self.model, program),
            *prologue.domains(self.model, program),
            *lines,
        ]
        doc = [
            *equation(derivation.log_joint),
            "",
            *self._given(last=self._refused(program)),
        ]
        signature = f"log_joint(X: Array, parameters: Parameters{self._known_arguments}) -> Array"
        title = f"Log of weight times density, shape {self._table}, in nats."
        return FunctionView(signature, title, tuple(doc), tuple(body))

    def _from_joint(self, program: Program) -> list[str]:
        """The log joint, and the known constants that the program uses beside it."""
        call = f"log_p = log_joint(X, parameters{self._passed})"
        lines = fitted_call(call, f"  # ({self.model.derivation.log_joint.number})")
        return [*lines, *known.converted(self.model, program, "log_p.dtype"), *known.checked(self.model, program)]

    @property
    def _bounded(self) -> bool:
        """Whether a density may be zero: its support ends somewhere."""
        return self.model.derivation.log_joint.value.contains(lambda part: isinstance(part, Support))

    def _inside(self, program: Program) -> list[str]:
        """The log joint, for samples that some component can have."""
        lines = self._from_joint(program)
        if not self._bounded:
            return lines
        error = 'f"row {int(np.argmax(outside))} of X lies outside of the support of every component"'
        outside = ["outside = np.isneginf(log_p).all(axis=1)", "if outside.any():", f"    raise ValueError({error})"]
        return [*lines, *outside]

    def e_step(self) -> FunctionView:
        """The responsibilities."""
        lines, _ = self._write(self.programs.e_step, returned="responsibilities")
        outside = "Raises ValueError for a row outside of the support of every component." if self._bounded else ""
        doc = [*equation(self.model.derivation.responsibilities), "", *self._given(last=outside)]
        signature = f"e_step(X: Array, parameters: Parameters{self._known_arguments}) -> Array"
        title = (
            f"Responsibilities, the posterior probabilities of the components; shape {self._table}, rows sum to one."
        )
        return FunctionView(signature, title, tuple(doc), (*self._inside(self.programs.e_step), *lines))

    def log_likelihood(self) -> FunctionView:
        """The log-likelihood."""
        lines, _ = self._write(self.programs.log_likelihood, returned="log_likelihood", wrapped="float({})")
        doc = [*equation(self.model.derivation.log_likelihood, "log-likelihood"), "", *self._given()]
        signature = f"log_likelihood(X: Array, parameters: Parameters{self._known_arguments}) -> float"
        nowhere = ["if np.isneginf(log_p).all(axis=1).any():  # a row outside of every support", "    return -np.inf"]
        body = (*self._from_joint(self.programs.log_likelihood), *(nowhere if self._bounded else ()), *lines)
        return FunctionView(signature, "Log-likelihood of all data, in nats.", tuple(doc), body)

    def log_prior(self) -> FunctionView:
        """The log prior: in float64, whatever the data are."""
        program, equation_ = self.programs.log_prior, self.model.derivation.log_prior
        assert program is not None and equation_ is not None  # noqa: S101, PT018 - for the type checker
        writer = Writer(program, {program.outputs[0].node: "log_prior"}, "log_prior", "float({})")
        writer.printer.dtype = DOUBLE
        lines = prologue.defined(self.model, program, writer.run())
        self.imports |= writer.printer.imports
        arrays = [(family.code, self.model.axes(family)) for family in (*self.model.parameters, *self.model.knowns)]
        used = {node.name for node in program.inputs}
        body = [
            *prologue.unpacked(self.model, program, DOUBLE),
            *prologue.knowns(self.model, program, DOUBLE),
            *prologue.sizes(
                writer.printer.sizes | known.sizes(self.model, program), [pair for pair in arrays if pair[0] in used]
            ),
            *known.checked(self.model, program),
            *prologue.domains(self.model, program),
            *lines,
        ]
        doc = [*equation(equation_, "log-prior"), "", *wrapped([self.model.described(f) for f in self.model.knowns])]
        signature = f"log_prior(parameters: Parameters{self._known_arguments}) -> float"
        title = "Log density of the prior, in nats, up to a constant that no parameter enters."
        return FunctionView(signature, title, tuple(doc), tuple(body))

    def objective(self) -> FunctionView:
        """What EM never lowers."""
        derivation = self.model.derivation
        doc, title = self._given(), "The log-likelihood of all data, in nats: what EM never lowers."
        if derivation.log_prior is not None:
            doc = [*equation(derivation.objective), "", *doc]
            title = "The log-posterior up to a constant, in nats: what EM never lowers."
        likelihood = f"log_likelihood(X, parameters{self._passed})"
        body = fitted_call(f"return {likelihood}")
        if derivation.log_prior is not None:
            body = [*fitted_call(f"value = {likelihood}"), *fitted_call(f"return value + {self._log_prior}")]
        signature = f"objective(X: Array, parameters: Parameters{self._known_arguments}) -> float"
        return FunctionView(signature, title, tuple(doc), tuple(body))

    @property
    def _log_prior(self) -> str:
        return f"log_prior(parameters{self._passed})"

    def em_step(self) -> FunctionView:
        """One iteration."""
        names = {output.node: output.name for output in self.programs.posterior.outputs}
        value = next(node for node, name in names.items() if name == "log_likelihood")
        names[value] = "value"
        writer = Writer(self.programs.posterior, names)
        lines = writer.run()
        call = f"m_step(X, responsibilities, parameters{self._passed})"
        body = [take_data(self.model), *self._inside(self.programs.posterior), *lines]
        if self.model.derivation.log_prior is not None:
            body += fitted_call(f"value += {self._log_prior}")
        body += fitted_call(f"return {call}, value")
        arguments = f"X: Array, parameters: Parameters{self._known_arguments}"
        title = "One iteration of EM: new parameters, and the objective at the given ones, in nats."
        doc = self._given(last="The log joint and its exponentials are computed once.")
        return FunctionView(f"em_step({arguments}) -> tuple[Parameters, float]", title, tuple(doc), tuple(body))

    def m_step(self) -> FunctionView:
        """The parameters that maximise Q."""
        program, updates = self.programs.m_step, self.model.derivation.updates
        lines, writer = self._write(program, empty=self._empty())
        start, needed, meant = self._previous(program)
        check = prologue.components(self.model)
        wanted = writer.printer.sizes | needed | known.sizes(self.model, program)
        wanted |= {self.model.plates[1]} if check else set()
        arrays = [("X", self.model.axes(self.model.data))]
        arrays += [("responsibilities", self._responsibility_axes())]
        arrays += [(family.code, self.model.axes(family)) for family in self.model.knowns]
        used = {node.name for node in program.inputs}
        body = [
            take_data(self.model),
            "responsibilities = np.asarray(responsibilities, dtype=X.dtype)",
            *prologue.knowns(self.model, program, given=() if self.programs.moments else None),
            *prologue.sizes(wanted, [pair for pair in arrays if pair[0] in used | {"X", "responsibilities"}]),
            *known.checked(self.model, program),
            *check,
            *start,
            *lines,
            f"return Parameters({', '.join(family.code for family in self.model.parameters)})",
        ]
        doc = [
            *(line for update in updates for line in equation(update)),
            "",
            *self._given(
                f"responsibilities: γ, shape {self._table}.",
                meant,
                last=f"Raises ValueError where X has another rank{self._empty_words}.",
            ),
        ]
        arguments = "X: Array, responsibilities: Array, previous: Parameters | None = None"
        signature = f"m_step({arguments}{self._known_arguments}) -> Parameters"
        title = "Parameters that maximise the expected complete-data log-likelihood Q."
        if self.programs.log_prior is not None:
            title = "Parameters that maximise Q_MAP: the expected complete-data log-likelihood plus the log prior."
        return FunctionView(signature, title, tuple(doc), tuple(body))

    def _previous(self, program: Program) -> tuple[list[str], set[str], str]:
        """The lines that take the previous parameters apart, the sizes they need, and what they are, in words."""
        lines, sizes = prologue.previous(self.model, program)
        return lines, sizes, prologue.words_of_previous(program)

    def _responsibility_axes(self) -> tuple[Axis, ...]:
        return next(node.axes for node in self.programs.e_step.inputs)

    @property
    def _count(self) -> str:
        scope = scope_of(self.model.derivation)
        return f"N_{scope.regular or scope.components}"

    @property
    def _empty_words(self) -> str:
        return f" or a component has no points ({self._count} = 0)" if self._empty() else ""

    def _empty(self, updates: tuple[UpdateEquation, ...] = ()) -> str:
        updates = updates or self.model.derivation.updates
        numbers = [update.number for update in updates if needs_count(update)]
        if not numbers:
            return ""
        return f"{self._count} = 0, so {undefined(numbers)}"

    def n_parameters(self) -> FunctionView:
        """The number of free parameters."""
        counts = [self.model.count(family) for family in self.model.parameters]
        needed = self.model.count_sizes()
        positional = (Extent(self.model.plates[1]).base.name, self.model.coordinates)
        more = sorted(needed - set(positional))
        others = "".join(f", {size}: int" for size in more)
        signature = f"n_parameters({positional[0]}: int, {positional[1]}: int = 1{', *' if more else ''}{others})"
        unused = [name for name in positional if name not in needed]
        body = [f"del {', '.join(unused)}  # no parameter has this size"] if unused else []
        body.append(f"return {' + '.join(counts)}")
        doc = [f"{family.code}: {count}." for family, count in zip(self.model.parameters, counts, strict=True)]
        return FunctionView(f"{signature} -> int", "Number of free parameters.", tuple(doc), tuple(body))

    def all(self) -> tuple[FunctionView, ...]:
        """All functions, in the order of the module."""
        return (
            self.log_joint(),
            self.e_step(),
            self.m_step(),
            self.log_likelihood(),
            *(() if self.programs.log_prior is None else (self.log_prior(),)),
            self.objective(),
            self.em_step(),
            self.n_parameters(),
            data_function(self.model),
        )
