"""What a machine notices about a text."""
