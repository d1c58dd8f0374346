"""What a protocol file is no place for."""
