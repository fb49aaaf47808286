"""``doctrine explain``: a clause, a tool's rule, or a finding, and what a project has of it."""
