"""Front ends without a full screen: unattended, and by question and answer. Same engine."""
