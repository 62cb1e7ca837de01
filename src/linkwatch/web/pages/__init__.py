"""A module for each page: what it shows, gathered from the reports and the store; its looks are in `templates/`."""
