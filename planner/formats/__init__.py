"""Outside formats, one package each: what a timeline is written as, and what is read back."""
