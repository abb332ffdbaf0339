"""Somebody's M-step on trial."""
