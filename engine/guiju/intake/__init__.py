"""YAML → Case: one subject's data for one period, checked against a plan."""
