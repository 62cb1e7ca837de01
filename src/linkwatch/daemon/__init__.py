"""The process that is started once and runs for years: schedule, notifications and dashboard."""
