"""Checks of the staff family."""
