"""Tools that stay: what they know of a project is worth more than the memory that they take."""
