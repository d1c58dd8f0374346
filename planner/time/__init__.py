"""Time as other standards write it."""
