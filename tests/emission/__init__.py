"""Emission: texts of statements, modules and files."""
