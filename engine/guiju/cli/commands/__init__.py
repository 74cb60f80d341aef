"""A shelf: every file here is a command of the same name, with a click command called `command`."""
