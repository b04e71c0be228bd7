"""The words every package speaks; imports no package."""
