"""Checks: what ICH M11 asks of the schedule of activities; they run only when asked for."""
