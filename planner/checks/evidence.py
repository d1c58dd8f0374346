"""Checks of the evidence family."""
