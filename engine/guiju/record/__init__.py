"""What is kept of an assessment and handed on: the calculation book, the workbook that calculates."""
