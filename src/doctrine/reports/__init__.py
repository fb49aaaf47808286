"""One module per report format, each a frozen value found by being here."""
