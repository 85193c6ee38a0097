"""How the marks of a comparison look: a symbol and a word, never colour alone."""

MARKS = {
    "same": ("=", "same", "dim"),
    "expected": ("≈", "expected", "green"),
    "accepted": ("✎", "accepted", "yellow"),
    "differs": ("✗", "differs", "bold red"),
}
"""By mark: the symbol, the word, the style."""
