"""The faces of courses: learner, trainer and API."""
