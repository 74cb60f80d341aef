"""The formula language: what may be written (grammar), who walks it (evaluator), what a value is (domains)."""
