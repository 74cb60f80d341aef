"""The record: one package that holds all that an assessment rests on, its signatures, and the log of what was done."""
