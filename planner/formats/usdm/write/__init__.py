"""Writing a protocol as a USDM study; `planner.formats.usdm` says how."""
