"""The functions of a generated module that make statistics from sums of features, and move parameters with the data."""

import re
from dataclasses import dataclass

from derive.emission import prologue
from derive.emission.calls import fitted_call
from derive.emission.docstrings import wrapped
from derive.emission.known import keyword_only
from derive.emission.model import Model
from derive.emission.rows import Rows
from derive.emission.statistics import LIKELIHOOD
from derive.emission.unicode import symbol, unicode
from derive.emission.views import FunctionView
from derive.language.family import Family
from derive.lowering.features import FeaturePrograms
from derive.proof.derivation import Features, Gathered, Statistics


@dataclass(frozen=True)
class Gathering:
    """Writes the functions of one model whose features stand in these rows."""

    model: Model
    programs: FeaturePrograms
    rows: tuple[Rows, ...]

    @property
    def found(self) -> Features:
        """The features of the derivation."""
        features = self.model.derivation.features
        assert features is not None  # noqa: S101 - for the type checker
        return features

    @property
    def statistics(self) -> Statistics:
        """The statistics of the derivation."""
        statistics = self.model.derivation.statistics
        assert statistics is not None  # noqa: S101 - for the type checker
        return statistics

    def all(self) -> tuple[FunctionView, ...]:
        """All functions."""
        return (self.gather(), *(() if self.found.located is None else (self.shifted(),)))

    def gather(self) -> FunctionView:
        """The statistics from sums of features."""
        lines: list[str] = []
        fields: list[str] = []
        sizes: set[str] = set()
        for gathered in self.found.gathered:
            family = gathered.target.family
            fields.append(family.code)
            lines += self._taken(family, gathered, sizes)
        origins = [self._origin(origin.origin, sizes) for origin in self.statistics.origins]
        arrays = [(f"parameters.{family.code}", self.model.axes(family)) for family in self.model.parameters]
        shared = [family for family in self.model.knowns if self.model.plates[0] not in self._plates(family)]
        needed = [family for family in shared if {axis.size for axis in self.model.axes(family)} & self._missing(sizes)]
        arrays += [(family.code, self.model.axes(family)) for family in needed]
        body = [
            *prologue.sizes(sizes, arrays),
            *lines,
            *fitted_call(f"return Statistics({', '.join([*fields, LIKELIHOOD, *origins])})"),
        ]
        written = "\n".join(body)
        unused = [name for name in ("origin", "parameters", "shared") if not re.search(rf"\b{name}\b", written)]
        body = [*([f"del {', '.join(unused)}  # not needed here"] if unused else []), *body]
        doc = []
        for gathered in self.found.gathered:
            step = self.model.derivation.step(gathered.number)
            doc.append(f"    ({step.number}) {symbol(gathered.target)} = {unicode(step.right)}")
        shape_of_totals = f"({self.rows[-1].end}, {self.model.plates[1]})"
        words = [
            f"totals: of features times responsibilities over the samples, shape {shape_of_totals}.",
            "shared: those of the shared features. log_likelihood: of the samples.",
            "parameters: those at which they were taken, for the sizes.",
            "origin: what the data were moved by before the features were taken; the statistics are about it.",
        ]
        doc += ["", *wrapped(words)]
        arguments = "totals: Array, shared: Array, log_likelihood: float, parameters: Parameters, origin: Array"
        signature = f"gather({arguments}{keyword_only(tuple(needed))}) -> Statistics"
        return FunctionView(signature, "Sufficient statistics from sums of features.", tuple(doc), tuple(body))

    def shifted(self) -> FunctionView:
        """The parameters of moved data."""
        located = self.found.located
        assert located is not None  # noqa: S101 - for the type checker
        name = located.target.family.code
        step = self.model.derivation.step(located.number)
        doc = [
            f"    ({step.number}) {unicode(step.left)}",
            f"        = {unicode(step.right)}",
            "",
            "origin: c, what is taken from each sample. Near zero, squares and products lose no digits.",
        ]
        body = [f"return parameters._replace({name}=parameters.{name} - origin)"]
        title = "The parameters with which the samples less an origin have the density that the samples had."
        return FunctionView(
            "shifted(parameters: Parameters, origin: Array) -> Parameters", title, tuple(doc), tuple(body)
        )

    def _taken(self, family: Family, gathered: Gathered, sizes: set[str]) -> list[str]:
        """The lines that take a statistic out of the sums."""
        name, number = family.code, f"  # ({gathered.number})"
        if gathered.shared:
            axes = self.model.axes(family)
            start, end = self._shared_place(gathered.place, sizes)
            if not axes:
                return [f"{name} = float(shared[{start}]){number}"]
            return [f"{name} = shared[{start}:{end}].reshape({', '.join(axis.size for axis in axes)}){number}"]
        rows = self.rows[gathered.place]
        sizes.update(axis.size for row in self.rows[: gathered.place + 1] for axis in row.axes)
        if rows.triangle:
            K = self.model.plates[1]
            sizes.update((rows.triangle, K))
            return [
                f"rows, columns = _upper({rows.triangle})",
                f"{name}: Array = np.empty(({K}, {rows.triangle}, {rows.triangle}), dtype=totals.dtype)",
                f"{name}[:, rows, columns] = totals[{rows.slice}].T{number}",
                f"{name}[:, columns, rows] = {name}[:, rows, columns]",
            ]
        if not rows.axes:
            return [f"{name} = totals[{rows.start}]{number}"]
        if len(rows.axes) == 1:
            return [f"{name} = totals[{rows.slice}].T{number}"]
        return [f"{name} = totals[{rows.slice}].T.reshape(-1, {', '.join(axis.size for axis in rows.axes)}){number}"]

    def _shared_place(self, place: int, sizes: set[str]) -> tuple[str, str]:
        """Where a shared feature stands among the flat sums."""
        axes = [output.node.axes for output in self.programs.shared_sums.outputs][: place + 1]
        sizes.update(axis.size for part in axes for axis in part)
        texts = [" * ".join(axis.size for axis in part) or "1" for part in axes]
        return " + ".join(texts[:-1]) or "0", " + ".join(texts)

    def _origin(self, family: Family, sizes: set[str]) -> str:
        """What the statistics are about: the origin, where the data were moved, else zero."""
        located = self.found.located
        if located is not None:
            return f"np.broadcast_to(origin, parameters.{located.target.family.code}.shape)"
        axes = [axis.size for axis in self.model.axes(family)]
        sizes.update(axes)
        return f"np.zeros(({', '.join(axes)}{',' if len(axes) == 1 else ''}))"

    def _plates(self, family: Family) -> set[str]:
        return {axis.size for axis in self.model.axes(family)}

    def _missing(self, sizes: set[str]) -> set[str]:
        return sizes - {axis.size for family in self.model.parameters for axis in self.model.axes(family)}
