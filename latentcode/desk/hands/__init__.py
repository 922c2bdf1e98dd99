"""Words of the prompt for the performer's hands: one file for each thing that hands do."""
