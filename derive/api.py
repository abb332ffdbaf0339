"""The toolkit in Python: ``load`` a model, then derive, show, generate, verify."""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from derive import runtime
from derive.checking.m_step import verify_m_step
from derive.checking.submitted.process import SECONDS
from derive.checking.submitted.trial import Trial
from derive.checking.verify import Verification, verify
from derive.em import derive_em
from derive.emission.fused import render_fused
from derive.emission.module import render_module
from derive.errors import InputError
from derive.models.changes import Change, Kind, changed
from derive.models.load import catalogue as catalogue_models
from derive.models.load import load_model
from derive.models.mixture import Mixture
from derive.models.starting import starting_view
from derive.proof.codec import to_json
from derive.proof.derivation import Derivation
from derive.proof.digest import digest
from derive.rendering import notebook, render
from derive.runtime.load import load_source
from derive.runtime.protocol import GeneratedModule
from derive.templating.environment import render as render_template

if TYPE_CHECKING:
    from derive.runtime.estimator.mixture import MixtureEstimator

FORMATS = ("terminal", "markdown", "latex", "html", "json")


@dataclass(frozen=True)
class Model:
    """A mixture model with all that can be made of it. Derivation and code are made once, when first asked for.

    spec: as given to ``load``. mixture: the description. changes: what was made of it since: ``fix``, ``tie`` and
    ``prior`` return another model, which is derived anew.
    """

    spec: str
    mixture: Mixture
    changes: tuple[Change, ...] = ()

    @property
    def name(self) -> str:
        """The model's name."""
        return self.mixture.name

    @property
    def summary(self) -> str:
        """One line on what the model is."""
        return self.mixture.summary

    def changed(self, *changes: Change) -> "Model":
        """Return the model after these changes. Raises InputError or ModelError for one that makes no sense."""
        return Model(self.spec, changed(self.mixture, self.spec, changes), (*self.changes, *changes))

    def fix(self, what: str) -> "Model":
        """Return the model with a parameter held fixed, such as "Sigma", "mu = 0" or "mu[2] = 0" (component 2)."""
        return self.changed(Change(Kind.FIX, what))

    def tie(self, what: str) -> "Model":
        """Return the model with parameters tied: "Sigma", "s2[k] = 2*r[k]", "mu[k] = a + b*k" or "mu[2] = -mu[1]"."""
        return self.changed(Change(Kind.TIE, what))

    def prior(self, what: str) -> "Model":
        """Return the model with a prior, such as "pi ~ dirichlet(2)": EM then finds the mode of the posterior."""
        return self.changed(Change(Kind.PRIOR, what))

    def weights(self, what: str) -> "Model":
        """Return the model with weights of the samples: "frequency" (counts), or "precision:Sigma" (its covariance)."""
        return self.changed(Change(Kind.WEIGHTS, what))

    @cached_property
    def _derivation(self) -> Derivation:
        return derive_em(self.mixture)

    @cached_property
    def _code(self) -> str:
        return render_module(self._derivation)

    def derivation(self) -> Derivation:
        """Return the derivation of EM, every step certified.

        Raises NoClosedFormError where an update cannot be found or shown to be a maximum, with the reason.
        """
        return self._derivation

    def generate(self, *, fused: bool = False) -> str:
        """Return the text of a NumPy module that stands alone; fused: with the fast kernel in the same file."""
        return render_fused(self._code) if fused else self._code

    def module(self) -> GeneratedModule:
        """Return the generated module, imported from its text."""
        return load_source(self._code, self.name)

    def estimator(self, n_components: int = 1, **options: Any) -> "MixtureEstimator":  # noqa: ANN401  as they are
        """Return a scikit-learn estimator of the generated module; options: those of `MixtureEstimator`.

        Raises ImportError where scikit-learn is not installed.
        """
        return runtime.MixtureEstimator(runtime.GeneratedText(self.name, self._code), n_components, **options)

    def show(self, form: str = "terminal") -> str:
        """Return the derivation as a document: "terminal", "markdown", "latex", "html" or "json"."""
        if form not in FORMATS:
            raise InputError(f"unknown format {form!r}: choose one of {', '.join(FORMATS)}")
        if form == "json":
            return to_json(self._derivation)
        return render(self._derivation, form, digest=digest(self._derivation), code=self._code)

    def notebook(self) -> str:
        """Return a Jupyter notebook (JSON text): the steps, the code, and EM on real data with pictures."""
        committed = self.spec in catalogue() and not self.changes
        module = f"derive.generated.{self.name.replace('-', '_')}" if committed else None
        return notebook(self._derivation, self._code, module=module, digest=digest(self._derivation))

    def verify(self) -> Verification:
        """Certify the derivation, and check that the generated code computes it and never lowers the objective."""
        return verify(self.mixture)

    def verify_m_step(self, m_step: str | Callable[..., Any], seconds: float = SECONDS) -> Trial:
        """Try anybody's M-step on random and real problems: whether it maximises Q, and whether EM with it is monotone.

        m_step: a function with the signature of the module's ``m_step``, which is called here; or its name,
        "package.module:function" or "file.py:function", which is run in a process of its own, at most so many seconds
        a call. Raises InputError where there is no such function.
        """
        return verify_m_step(self._derivation, self.module(), m_step, seconds)


def catalogue() -> tuple[str, ...]:
    """Names of the models in the catalogue."""
    return tuple(catalogue_models())


def load(spec: str | os.PathLike[str], changes: Iterable[Change] = ()) -> Model:
    """Return a model by its name in the catalogue, or from a file: ``"model.py"`` or ``"model.py:NAME"``, also a Path.

    changes: what to make of it. Raises InputError for an unknown name or a missing file, ModelError for a description
    that makes no sense.
    """
    if not isinstance(spec, str | os.PathLike):
        raise InputError(f"{spec!r} names no model: give a name of the catalogue, or a file's path")
    text = os.fspath(spec)
    return Model(text, load_model(text)).changed(*changes)


def starting_file(name: str, path: str | os.PathLike[str]) -> str:
    """Return the text of a commented model file to start from; ``path`` is where it is to stand, for its commands.

    Raises InputError for a name that cannot be a model's, or is one of the catalogue.
    """
    return render_template("model/new.py.jinja", model=starting_view(name, Path(path)))
