"""What users give: their files, the documents in them, and what is wrong with those."""
