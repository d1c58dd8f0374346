"""The study's defaults: `planner.toml`, found in the working folder or above it."""
