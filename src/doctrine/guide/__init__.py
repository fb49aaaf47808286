"""The registry: clauses as data, and the loader that turns them into a ``Guide``."""
