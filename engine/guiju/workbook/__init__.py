"""Plan → workbook to fill in; workbook, CSV or JSON → the data of a case, every value with the cell it stands in."""
