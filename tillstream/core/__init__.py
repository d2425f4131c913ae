"""The library that every other package may import. It imports no other package of Tillstream."""
