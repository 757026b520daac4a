"""Reports of a comparison: ``content`` says what stands in them, ``html``, ``xlsx`` and ``docx`` write the same."""
