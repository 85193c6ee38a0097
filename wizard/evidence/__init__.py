"""Evidence: a session as a folder that an auditor can read, check and file away."""
