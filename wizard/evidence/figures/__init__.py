"""What the report draws: shapes that follow from the session alone, for a page or a PDF."""
