"""iCalendar (RFC 5545): feeds that calendar programs subscribe to, and files that they write."""
