"""USDM, CDISC's model of studies, read as protocols of ours."""
