"""Pages for everybody: report, follow one's own report, the public board, figures, help.

Of complaints these pages read only what is public (the views of schema.sql), or what a report's own code opens.
"""
