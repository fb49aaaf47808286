"""Python source as trees, whatever interpreter runs doctrine: bytes in, values out."""
