"""Node → Ruleset: the standard as written. Files, versions and lock, schema, variants, typed reading."""
