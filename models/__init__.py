"""How the Monitor reads text: language, sentiment, aspects. Imports nothing of the application."""
