"""Small functions over the whole language, as a table that is executed and printed as a page."""
