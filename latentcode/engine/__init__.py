"""The engine process: lines are tried, stamped and rendered ahead; hands are heard; a journal is kept."""
