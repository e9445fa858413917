"""`/mutu`: the review of follow-ups, and the registers of decrees (SK) and action plans.

`samples.py` lists what was drawn and draws; `sample.py` is one sample: its follow-ups, how it stands, and the draw
repeated; `review.py` shows what is to be judged, once the reading is on record, and takes the verdict; `registers.py`
the decrees, `plans.py` the action plans. Each act is a row of the desks' table (docs/quality.md).
"""
