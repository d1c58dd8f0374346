"""Checks of the structure family about what timings count from."""
