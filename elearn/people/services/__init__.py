"""The use-cases of people, by noun: organisation, staff, roles, accounts, sessions, reference."""
