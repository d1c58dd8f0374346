"""Checks of the sequence family."""
