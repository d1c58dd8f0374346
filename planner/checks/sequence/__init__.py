"""What comes before and after what: screening, dosing, integration, follow-up."""
