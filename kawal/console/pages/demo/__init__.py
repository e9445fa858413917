"""The pages that a demo alone has: who to be, the clock, and what would have been sent.

Their routes exist where the application was made for a running demo, which only a home that was made as one can be.
"""
