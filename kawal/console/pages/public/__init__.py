"""Pages for everybody: report, follow one's own report, the public board, figures, help.

A report's own page is `own_report`, made of `own_reading`, `own_secrecy` and `own_files`; its forms act by `own_acts`
and `own_code`, its proof is `own_proof`; `own_handover` leads to the report as which it goes on. `map_pages` and
`close_map` are for pointing at a place. Of complaints these pages read only what is public (the views of schema.sql),
or what a report's own code opens.
"""
