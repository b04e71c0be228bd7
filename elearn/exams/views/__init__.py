"""The faces of exams."""
