"""The engine process: lines are tried, stamped, rendered ahead; hands are heard; a journal kept."""
