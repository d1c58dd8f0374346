"""What is wrong in time with a USDM study, timeline by timeline."""
