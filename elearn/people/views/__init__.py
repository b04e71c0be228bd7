"""The faces of people: public sign-in, a person's own account, HR's list, the administrator's roles, and the API."""
