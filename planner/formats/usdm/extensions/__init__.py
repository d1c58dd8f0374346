"""What USDM has no place for: kept in extension attributes, and merged when a study comes back."""
