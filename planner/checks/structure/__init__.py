"""Whether the file holds together: ids and what they name, cycles, timings, ways to the anchor."""
