"""The report as a PDF. Others see `document` and `attached`, which import what they need late."""
