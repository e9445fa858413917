"""What is reported: recaps, rankings and their exports."""
