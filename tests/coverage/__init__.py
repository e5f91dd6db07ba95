"""Every function of the coverage table in one expression each, judged by finite differences."""
