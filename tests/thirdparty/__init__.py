"""Functions out of published packages, differentiated as they are."""
