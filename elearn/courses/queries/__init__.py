"""The SELECTs of courses: versions.py and enrollments.py; the catalogue's and those of one lesson stand beside."""
