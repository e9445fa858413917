"""HTTP for those who work here: officials with a pass, and the public who checks.

Lives, searches, case files, attachments, the log; the codec by which payloads are shown opened (`codec.py` its routes
and sign-in, `codec_desk.py` what is opened to whom). The same rules and the same record of readings as at the command
line.
"""
