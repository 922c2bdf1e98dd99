"""The desk process: the prompt, what a musician types there, and the replay of what was typed."""
