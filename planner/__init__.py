"""Plans the visits of a clinical-trial protocol: proves them feasible, dates them, exports them."""

__version__ = "0.1.0"
