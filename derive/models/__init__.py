"""What a mixture model is, and the catalogue of descriptions."""

from derive.models.mixture import Mixture

__all__ = ["Mixture"]
