"""What the processes say to one another, and the ring through which samples go."""
