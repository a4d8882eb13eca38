"""What the client is made of: whom it may ask when, what goes over the line, what is kept."""
