"""The version of linkwatch."""

__version__ = "0.2.0"
