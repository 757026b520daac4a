"""What a notice is, as types: the document that a reader makes, its outline, and the record that is exported."""
