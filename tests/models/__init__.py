"""Tests of derive.models."""
