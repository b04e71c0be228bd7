"""Courses: authored content, enrolment and progress by evidence; exams and certificates live elsewhere."""
