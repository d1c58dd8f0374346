"""A protocol as a temporal network, and the network's answers in the protocol's own words."""
