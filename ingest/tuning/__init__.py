"""Fine-tune small adapters for the front door and the archive; run by hand, results committed."""
