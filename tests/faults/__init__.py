"""Every fault of reliability research, F01 to F60, each on both databases: what survives?"""
