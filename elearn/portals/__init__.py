"""The front doors: what a learner, a trainer, an HR officer and an administrator see first, and the health pages."""
