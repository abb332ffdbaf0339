"""Tests of derive.runtime."""
