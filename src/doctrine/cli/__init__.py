"""The command line: parse, call the application, write, map errors to exit codes."""
