"""`/kelola/mulai`: an agency is set up for the first time in one sitting, step by step.

`progress.py` has what all steps share: where one stands, and how a step is over. Each step is a form of its own, can be
left and taken up again, and passed over with a word; `agency_step.py` says who the agency is, `data_steps.py` fills it
with OPDs, answers and people by the forms of administration, `trial_step.py` sends a letter and a message,
`last_page.py` says what is set and what is not, and finishes. Acts are rows of the desks' table.
"""
