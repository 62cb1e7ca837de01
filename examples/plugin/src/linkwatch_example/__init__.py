"""A plug-in for linkwatch. Each module is what one entry point of pyproject.toml names."""
