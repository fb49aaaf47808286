"""Nothing of interest."""
