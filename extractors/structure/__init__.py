"""From blocks to the outline of a notice: numbers, headings, parts, plans, tables."""
