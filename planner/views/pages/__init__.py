"""Whole pages that need nothing else: a participant's sheet, and a protocol's report."""
