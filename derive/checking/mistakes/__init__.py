"""The catalogue of typical mistakes, each a transformation of what is right."""
