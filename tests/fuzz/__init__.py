"""Random programs, each run plainly, differentiated, and compared with finite differences."""
