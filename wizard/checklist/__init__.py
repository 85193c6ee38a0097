"""Checklists: data that names items, and what is needed to read, check and evaluate it."""
