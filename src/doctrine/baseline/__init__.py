"""What was accepted once: how a finding is known again, and what is new, mended or unknown. Pure."""
