"""What must be true of the studio's rows, files and provider's records, whatever happened to its processes."""
