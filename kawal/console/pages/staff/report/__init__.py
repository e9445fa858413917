"""One report's page for officials, `/laporan/NUMBER`, and everything that acts on one report.

`acts.py` is the route to which every page's forms are sent; a form's fields (`act_fields.py`) are those of the model
that the command's row names. What may be seen is decided in `sight.py`, what is shown is gathered in `reading.py`.
"""
