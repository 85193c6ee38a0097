"""The installed command, driven as operators and scripts drive it."""
