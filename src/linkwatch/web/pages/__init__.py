"""The pages: each module gathers what its templates in `templates/` show."""
