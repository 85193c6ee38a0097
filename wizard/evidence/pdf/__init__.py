"""The report as a PDF. Only `document` is for others, and fpdf2 is imported when it writes."""
