"""Nothing is printed."""
