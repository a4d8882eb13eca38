"""What we keep: one file per subject, its mapped classes and the questions asked of them."""
