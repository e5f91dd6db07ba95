"""Tests of reading source text and of lowering it."""
