"""Lowering: programs, passes, the interpreter."""
