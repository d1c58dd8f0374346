"""What statements rest on."""
