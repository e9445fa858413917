"""Pages for people: what every page shares here, the pages themselves in a room for each kind of reader.

`app` composes them all, and says on a page what goes wrong there.

`frame` renders a page in the reader's language with the headers that every page has; `assets` serves style sheets and
scripts; `form_guard` recognises a form of ours; `site` is what the operator tells every reader, `tile_server` a part
of it. Pages are complete without JavaScript, and a GET never acts.
"""
