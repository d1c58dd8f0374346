"""What eyes see: tables, calendars, findings."""
