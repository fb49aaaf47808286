"""How time and memory of doctrine itself grow with a project."""
