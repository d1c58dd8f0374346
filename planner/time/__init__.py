"""Distances, dates, time zones and local times, and durations as other standards write them."""
