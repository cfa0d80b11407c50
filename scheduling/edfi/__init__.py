"""Ed-Fi (Data Standard 5): what the calendar says of an academic year, as bodies to be pushed."""
