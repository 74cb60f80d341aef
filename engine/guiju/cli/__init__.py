"""The command line: one file per command in commands/. It holds no rules."""
