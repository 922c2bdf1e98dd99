"""From patterns to samples: voices, layers, envelopes, streams."""
