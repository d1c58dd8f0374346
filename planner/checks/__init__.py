"""Rules about a protocol: one module per family, each check with its id, page and examples."""
