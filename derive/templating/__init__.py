"""The one Jinja environment, and what a template may see."""
