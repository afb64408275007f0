"""The investment package of the report: its amounts, its claimed return and when it would pay for itself."""
