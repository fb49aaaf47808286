"""Discovery: from a folder to a ``Project``. The only package that reads the judged tree."""
