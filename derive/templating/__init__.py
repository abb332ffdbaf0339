"""The one Jinja environment."""

from derive.templating.environment import render

__all__ = ["render"]
