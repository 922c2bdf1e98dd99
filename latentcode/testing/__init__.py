"""Public fakes for tests: an engine for a desk, a player without a device, MIDI without ports."""
