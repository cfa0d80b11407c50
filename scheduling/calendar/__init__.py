"""What a school's calendar says for a date or an instant: frozen facts in, frozen answers out."""
