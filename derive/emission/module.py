"""A derivation to the text of its generated module."""

import textwrap
from dataclasses import replace

from derive.emission.calls import fitted_constant, fitted_signature
from derive.emission.docstrings import wrapped
from derive.emission.features import FeatureFunctions
from derive.emission.functions import Functions
from derive.emission.helpers import helpers, scipy_imports
from derive.emission.latent import LatentFunctions
from derive.emission.model import Model
from derive.emission.root_helper import CALLABLE
from derive.emission.statistics import StatisticsFunctions
from derive.emission.unicode import symbol, unicode
from derive.emission.views import ClassView, FieldView, ModuleView
from derive.language.family import Role, Symbol
from derive.lowering.pipeline import PLAIN, Strategy, compile_derivation, compile_features
from derive.proof.derivation import Derivation
from derive.proof.digest import digest
from derive.templating import render

TEMPLATE = "numpy/module.py.jinja"
SHOWN_DIGITS = 12
WIDTH = 120


def render_module(derivation: Derivation, strategy: Strategy = PLAIN) -> str:
    """Return the Python text that computes a derivation's updates.

    Raises LoweringError where an equation cannot become array code, or a pass changes what is computed.
    """
    model = Model(derivation)
    imports: set[str] = set()
    programs = compile_derivation(derivation, strategy)
    sufficient = None if programs.update is None else StatisticsFunctions(model, programs, imports)
    plain = Functions if programs.moments is None else LatentFunctions
    functions = (sufficient or plain(model, programs, imports)).all()
    separated = None if sufficient is None else compile_features(derivation, strategy)
    featured = None if separated is None else FeatureFunctions(model, separated, imports)
    if featured is not None:
        functions = (*functions[:-1], *featured.all(), functions[-1])
    functions += helpers(imports)
    functions = tuple(replace(view, signature=fitted_signature(view.signature)) for view in functions)
    view = ModuleView(
        model=derivation.model,
        title=_title(derivation),
        density=tuple(wrapped([_density(derivation)])),
        header=_header(derivation),
        imports=_imports(imports),
        constants=tuple(
            map(
                fitted_constant,
                (
                    *_constants(model),
                    *((sufficient.constant(),) if sufficient else ()),
                    *(featured.constants() if featured else ()),
                ),
            )
        ),
        classes=(_parameters(model), *((sufficient.structure(),) if sufficient else ())),
        functions=functions,
    )
    return render(TEMPLATE, module=view)


def _parameters(model: Model) -> ClassView:
    title = f"The parameters of the model; {model.plates[1]} components{_data_words(model)}"
    fields = tuple(FieldView(family.code, model.described(family)) for family in model.parameters)
    return ClassView("Parameters", title, fields)


def _title(derivation: Derivation) -> str:
    return f"EM updates for the mixture model ``{derivation.model}``."


def _header(derivation: Derivation) -> tuple[str, ...]:
    summary = textwrap.wrap(f"{derivation.summary.rstrip('.')}.", WIDTH) if derivation.summary else []
    asked = derivation.origin or derivation.model
    text = (
        f"Generated from the model ``{derivation.model}``, derivation {digest(derivation)[:SHOWN_DIGITS]}, by "
        f"``{TEMPLATE}``. Do not edit: change the model and run ``derive generate {asked}``. Numbers in "
        f"parentheses are the derivation's equations: ``derive show {asked}``."
    )
    # A command is read and copied as one piece: it is not broken over two lines.
    whole = text.replace(asked, asked.replace(" ", "\0"))
    whole = whole.replace("derive generate ", "derive\0generate\0").replace("derive show ", "derive\0show\0")
    lines = [line.replace("\0", " ") for line in textwrap.wrap(whole, WIDTH, break_on_hyphens=False)]
    return (*summary, *([""] if summary else []), *lines)


def _density(derivation: Derivation) -> str:
    target = derivation.log_joint.target
    assert isinstance(target, Symbol)  # noqa: S101 - for the type checker
    return f"({derivation.log_joint.number}) {symbol(target)} = {unicode(derivation.log_joint.value)}"


def _data_words(model: Model) -> str:
    return "." if model.event_shape == "()" else f", {model.coordinates} coordinates."


def _imports(needed: set[str]) -> tuple[str, ...]:
    lines = ["import math"] if "math" in needed else []
    lines += ["from collections.abc import Callable"] if CALLABLE in needed else []
    lines += ["from typing import Any, NamedTuple", "", "import numpy as np", "from numpy.typing import NDArray"]
    lines += scipy_imports(needed)
    return tuple(lines)


def _constants(model: Model) -> tuple[str, ...]:
    shapes = ", ".join(f'"{family.code}": {model.sizes(family)}' for family in model.parameters)
    knowns = ", ".join(f'"{family.code}": {model.sizes(family)}' for family in model.knowns)
    scalar, counts = model.event_shape == "()", model.derivation.sample_weights
    return (
        f"EVENT_SHAPE{': tuple[str, ...]' if scalar else ''} = {model.event_shape}",
        f"PARAMETER_SHAPES = {{{shapes}}}",
        f'WEIGHTS = "{_weights(model)}"',
        *(() if model.plates == ("N", "K") else (f"PLATES = {model.plates}".replace("'", '"'),)),
        f"KNOWNS{': dict[str, tuple[str, ...]]' if not knowns else ''} = {{{knowns}}}",
        *(() if counts is None else (f'SAMPLE_WEIGHTS = "{counts.code}"',)),
    )


def _weights(model: Model) -> str:
    """The name of the weights in code; empty where a formula gives them."""
    first = model.derivation.families[0]
    return first.code if first.domain.sums_to_one and first.role is not Role.DATA else ""
