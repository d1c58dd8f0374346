"""The protocol file: its model, reading it with positions, cycles expanded, the library."""
