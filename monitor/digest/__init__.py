"""The weekly digest: what changed, whether it is real, why, and what to do, in two minutes.

`build` makes a `Digest` of the store, `render` a mail or a page of it, `mail` a message.
"""
