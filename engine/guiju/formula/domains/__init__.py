"""A shelf: each file says what a value is. The same formula runs in every one of them."""
