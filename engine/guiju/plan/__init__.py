"""Ruleset → Plan: sugar rewritten into formulas, names resolved, units checked, order fixed."""
