"""The report as a PDF. `document` and `attached` are for others, and fpdf2 is imported when it writes."""
