"""Who is present, and who must not be."""
