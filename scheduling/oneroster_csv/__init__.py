"""OneRoster's CSV files, 1.1 and 1.2: zip files written and read strictly. Nothing of Django."""
