"""Comparison of records: who asks for what, where the same is asked for, and which numbers stand beside each other.

``analysis.compare`` is the comparison over any number of notices, ``upper.hand_down`` that of a superior's notice with
ours, ``years.year_on_year`` that of one agency's years. What they give stands in ``types``; reports read nothing else.
"""
