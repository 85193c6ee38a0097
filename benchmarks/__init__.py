"""Measurements of the installed command; run by hand, and their figures are not asserted."""
