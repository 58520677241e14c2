"""The company's own questionnaires: files read, answers understood, waves measured."""
