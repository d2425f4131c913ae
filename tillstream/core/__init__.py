"""What every part of Tillstream may import; it imports nothing else of ours."""
