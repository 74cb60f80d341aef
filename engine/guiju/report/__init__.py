"""Assessment → what people read: scorecard, the tree of a number, pictures. Templates are in reports/."""
