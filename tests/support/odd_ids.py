"""Draw ids that contain characters with a meaning to Redis, shells or pages."""

from hypothesis import strategies as st

#: Texts of at most 64 characters, most of which have a meaning in a key, a pattern, a shell or a page.
AWKWARD = st.text(st.sampled_from(list(":_%*?[]\\^-/.,'\"`$;&|<> \t\n\r\0\u00a0\u200b\u202e\u0301\ufeff\U0001f9c03Aa5éE")), max_size=64)
IDS = AWKWARD | st.text(max_size=64)
