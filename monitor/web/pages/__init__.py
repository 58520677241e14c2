"""One file a page family: read the URL, ask `queries`, describe the tables, render a template."""
