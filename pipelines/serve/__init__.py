"""The front door of a home: `isf serve`, a local web application that only reads, and `index.html` for who has none."""
