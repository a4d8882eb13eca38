"""Special offers at the portal: a firm proposes them, and takes them away."""
