"""Programs to Python text: statements, modules, files."""
