"""For each promise: the protection that keeps it, and the tests that fail with it switched off."""
