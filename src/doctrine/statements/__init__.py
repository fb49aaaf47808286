"""What people put on record about clauses: whether it is sound, and what it changes. Pure."""
