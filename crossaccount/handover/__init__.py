"""What two companies tell each other: a hand-over of roles, and a request for one.

The owner's state becomes a hand-over file (`export`), the file the partner's stack settings (`acceptance`); a
request file (`request_file`) becomes the owner's stack settings (`answer`). Settings are edited in place
(`stack_file`), and tried with the project's own program before they are written (`trial`).
"""
