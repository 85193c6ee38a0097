"""Killed at every point of every change, and resumed."""
