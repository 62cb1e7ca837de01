"""The dashboard: pages, feeds and an API over what the store remembers; it works without JavaScript."""
