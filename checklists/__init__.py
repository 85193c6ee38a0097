"""The checklists, as data."""
