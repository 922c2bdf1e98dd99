"""What hands and other programs give: its history, its names, what it is bound to."""
