"""Whether the timings can hold, and whether they say what was meant."""
