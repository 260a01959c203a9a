"""The entrances: where other libraries' HTTP calls are caught."""
