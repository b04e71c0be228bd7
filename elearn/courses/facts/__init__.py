"""What courses tell others, as frozen values without rules: authored content, published versions, enrolments."""
