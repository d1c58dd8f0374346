"""Checks of the structure family."""
