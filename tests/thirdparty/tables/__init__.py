"""The functions, one file per package or topic; each has a list `CASES`."""
