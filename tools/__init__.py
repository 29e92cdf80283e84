"""What `make` calls: the environment, the launcher, the lock. Nothing here is part of the portal."""
