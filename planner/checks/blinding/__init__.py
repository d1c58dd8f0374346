"""What may tell the arms of a blinded study apart, and what its design says."""
