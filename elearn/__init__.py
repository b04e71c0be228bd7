"""elearn: e-learning and competency certification for Indonesia's civil servants.

Course modules lead to a competency exam, a passed exam to a signed certificate and to evidence of a level.
"""
