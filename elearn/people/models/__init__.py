"""The tables of people: organisation, staff and access; reads are in queries, use-cases in services."""
