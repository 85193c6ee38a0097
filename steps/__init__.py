"""Steps: pure descriptions of what AWS is to look like."""
