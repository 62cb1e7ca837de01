"""What the dashboard tells programs: JSON, and an OpenAPI description that is made from the same types."""
