"""Sound as samples: reading files, folders of them, loudness, the limiter."""
