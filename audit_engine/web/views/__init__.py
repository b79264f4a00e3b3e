"""The pages, by what they are about; ``routes.py`` says at which address each stands."""
