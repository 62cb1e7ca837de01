"""Measurements, most as ratios within one run, the median of several: `make bench`; results: docs/performance.md."""
