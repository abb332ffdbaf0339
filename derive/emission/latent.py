"""The functions of a model with a second latent variable: its moments, and an M-step that holds them fixed."""

from fractions import Fraction

from derive.emission import known, prologue
from derive.emission.calls import fitted_call
from derive.emission.data import take_data
from derive.emission.docstrings import equation
from derive.emission.functions import Functions
from derive.emission.views import FunctionView
from derive.language.evaluate import Evaluator
from derive.language.expr import Number
from derive.language.world import World
from derive.lowering.program import Program
from derive.proof.derivation import UpdateEquation

START = "where the moments of the latent variable are taken; by default those of an exponential variable with rate 1."
ALSO = "They and the updates start there; by default identity matrices, ones, halves for probabilities, else zeros."


class LatentFunctions(Functions):
    """Writes the functions of a model with a second latent variable."""

    def moments(self) -> FunctionView:
        """The moments of the latent variable."""
        program, found = self.programs.moments, self.model.derivation.moments
        assert program is not None  # noqa: S101 - for the type checker
        names = ", ".join(output.name for output in program.outputs)
        lines, writer = self._write(program)
        arrays = [("X", self.model.axes(self.model.data))]
        arrays += [(family.code, self.model.axes(family)) for family in (*self.model.parameters, *self.model.knowns)]
        used = {node.name for node in program.inputs} | {"X"}
        sizes = writer.printer.sizes | known.sizes(self.model, program)
        body = [
            take_data(self.model),
            *prologue.unpacked(self.model, program),
            *prologue.knowns(self.model, program),
            *prologue.sizes(sizes, [pair for pair in arrays if pair[0] in used]),
            *known.checked(self.model, program),
            *prologue.domains(self.model, program),
            *lines,
            f"return {names}",
        ]
        doc = [
            *(line for moment in found for line in equation(moment)),
            "",
            *self._given(last=self._refused(program)),
        ]
        signature = f"moments(X: Array, parameters: Parameters{self._known_arguments}) -> tuple[Array, Array]"
        title = f"Posterior means of the latent variable and of its logarithm, each of shape {self._table}."
        return FunctionView(signature, title, tuple(doc), tuple(body))

    def _previous(self, program: Program) -> tuple[list[str], set[str], str]:
        """The moments at the previous parameters, beside what else the updates start from."""
        derivation = self.model.derivation
        used = {node.name for node in program.inputs}
        needed = [moment for moment in derivation.moments if moment.target.family.code in used]
        if not needed:
            return super()._previous(program)
        also, sizes, _ = super()._previous(program)
        names = ", ".join(m.target.family.code if m in needed else "_" for m in derivation.moments)
        lines = [
            "if previous is None:  # those of an exponential variable with rate 1",
            *(f"    {s.target.family.code} = {_start(s)}" for s in derivation.starts if _is_in(s, needed)),
            "else:",
            *("    " + line for line in fitted_call(f"{names} = moments(X, previous{self._passed})")),
        ]
        return [*lines, *(also if sizes else [])], sizes, f"previous: {START} {ALSO}" if sizes else f"previous: {START}"

    def all(self) -> tuple[FunctionView, ...]:
        """All functions, in the order of the module."""
        moments = self.moments()
        first, second, *rest = super().all()
        return (first, second, moments, *rest)


def _is_in(start: UpdateEquation, moments: list[UpdateEquation]) -> bool:
    return any(start.target == moment.target for moment in moments)


def _start(start: UpdateEquation) -> str:
    """A table of one number."""
    if start.value == Number(Fraction(1)):
        return f"np.ones_like(responsibilities)  # ({start.number})"
    value = Evaluator(World({}, 0))(start.value, {})
    return f"np.full_like(responsibilities, {float(value.str(17, radius=False))!r})  # ({start.number})"
