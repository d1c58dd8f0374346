"""One participant: protocol, site and anchor date become a dated plan."""
