"""Tests of changes to a model."""
