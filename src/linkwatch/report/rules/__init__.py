"""The rules: each a function from what is reported to findings. Adding one: docs/architecture.md."""
