"""One example for each model of the catalogue but the Gaussians, in files by the kind of data."""

import importlib
import pkgutil

from tests.catalogue.example import Example

EXAMPLES: dict[str, Example] = {
    example.name: example
    for found in pkgutil.iter_modules(__path__)
    for example in importlib.import_module(f"{__name__}.{found.name}").EXAMPLES
}
