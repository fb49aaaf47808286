"""Pure frozen values that every other package speaks in; made of the standard library and `msgspec`."""
