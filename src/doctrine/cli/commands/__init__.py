"""The commands as Typer shows them: one module a command, or a family of commands."""
