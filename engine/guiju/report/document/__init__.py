"""The report: assessment data and advice → ReportView → HTML, PDF, Word."""
