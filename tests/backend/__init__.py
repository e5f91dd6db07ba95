"""Tests of printing IR and of loading what was printed."""
