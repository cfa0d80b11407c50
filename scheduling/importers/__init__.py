"""Other systems' files, read and turned into calendar documents."""
