"""Derivations that somebody hands in: what their rows mean, whether each holds, and what went wrong."""
