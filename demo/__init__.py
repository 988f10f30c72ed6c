"""A small fictional publisher: city → (grammar) table → paginate → typeset, or plaintext → files; sums → truth."""
