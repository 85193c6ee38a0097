"""What others could have written into names, tags and texts, and where it must do no harm."""
