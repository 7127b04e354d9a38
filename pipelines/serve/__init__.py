"""The front door of a home: `isf serve`, a local web application that changes no settlement, and `index.html` for who
has none."""
