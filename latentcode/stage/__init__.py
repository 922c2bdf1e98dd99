"""The stage page: a set as an audience sees it, served to browsers by a process of its own."""
