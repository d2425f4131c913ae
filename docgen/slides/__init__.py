"""The slides of the proposal: one source in docs/proposal/, written as a page for browsers, a PDF and a PowerPoint file."""
