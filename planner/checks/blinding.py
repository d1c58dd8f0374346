"""Checks of the blinding family."""
