"""The portal: where the staff of a provider keeps its listings right. One folder a subject."""
