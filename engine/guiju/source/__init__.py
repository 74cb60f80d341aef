"""Text → Node: the accepted part of YAML, each key and value with its place; checks against a schema."""
