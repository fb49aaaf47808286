"""Projects that nobody would run."""
