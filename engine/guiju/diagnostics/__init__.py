"""What is wrong, where, and how to mend it: findings, their words in two languages, how they are shown."""
