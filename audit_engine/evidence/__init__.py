"""How is a file that somebody hands over kept, so that it can harm nobody?"""
