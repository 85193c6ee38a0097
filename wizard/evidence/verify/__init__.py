"""Checks of a bundle: the same that README-VERIFY does by hand, and those that need the tool."""
