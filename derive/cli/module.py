"""The generated module that a MODEL stands for."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from derive.runtime.load import generated_names, load_generated
from derive.runtime.protocol import GeneratedModule

if TYPE_CHECKING:
    from derive.models.changes import Change


def module_of(spec: str, changes: "Sequence[Change]" = ()) -> GeneratedModule:
    """The committed module of a catalogue model, which needs no algebra; any other model is derived and generated.

    changes: what to make of the model first. Raises ModelError or InputError for a model that is none.
    """
    if spec in generated_names() and not changes:
        return load_generated(spec)
    from derive import api

    module: GeneratedModule = api.load(spec, changes).module()
    return module
