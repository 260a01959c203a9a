"""Where other libraries' HTTP calls are caught, and what becomes of them."""
