"""Markdown as GitHub and GitLab read it, and what is drawn in it."""
