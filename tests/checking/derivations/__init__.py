"""Derivations of different hands, read and judged."""
