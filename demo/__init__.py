"""A small fictional city that publishes documents whose truth is known, as files and as sites on this machine.

city, schools → (grammar) table → paginate → typeset, or plaintext, workbook, webpage → files; sums → truth
publications, zips + site (sites/*.yml) → pages, answers → server; → sources, expected
"""
