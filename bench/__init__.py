"""Timings, each a ratio within one run, median of several: `make bench`; docs/performance.md holds what was found."""
