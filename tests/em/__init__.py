"""Tests of derive.em."""
