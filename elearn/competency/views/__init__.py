"""The faces of competency: learner, hr and api."""
