"""The officials' pages: each for whoever signed in and acts in a role that may see it.

`frame.py` is what each page has, `navigation.py` which pages there are and who may see them, `app.py` their routes;
`desk_form.py` and `page_forms.py` are how forms act; `work.py` is `/kerja`, `own_account.py` `/akun`, `signing_out.py`
leaves, or changes the role; `unsent.py` gives back what was typed into a form that could not be carried out.
"""
