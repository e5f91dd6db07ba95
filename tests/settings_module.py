"""A module of settings, as programs have them."""

rate = 0.5
