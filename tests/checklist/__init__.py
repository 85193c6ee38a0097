"""Tests of the checklist room."""
