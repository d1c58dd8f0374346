"""Checks of the scope family."""
