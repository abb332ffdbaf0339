"""Submitted code in isolation."""
