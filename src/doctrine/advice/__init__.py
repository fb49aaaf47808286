"""What became of a guide's recommendations in a project. Pure; nothing here can touch a verdict."""
