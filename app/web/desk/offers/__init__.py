"""Special offers at the desk: read by one of us before anybody else sees them."""
