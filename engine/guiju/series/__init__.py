"""Meter series: a file of readings → the exact sum of a period, and what looks wrong. Nothing here changes a value."""
