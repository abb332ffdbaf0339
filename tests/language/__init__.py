"""Tests of derive.language."""
