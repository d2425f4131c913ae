"""The sales job. It decodes, de-duplicates, enriches, stores and counts the events of tills and web shop, and sets bad messages aside."""
