"""Stage 7, SHOW: one Report value, rendered in several formats; no renderer counts anything itself. Pure."""
