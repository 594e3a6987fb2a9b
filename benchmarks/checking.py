"""`python -m benchmarks.checking`: what the live check costs the server, and looking back on the Rules page.

One workspace with 500 posts and as many sayings on its channel. Prints milliseconds of CPU in the web process and
queries for one answer: the median and the worst of some that differ, after a few to warm up.
"""

import sys

from benchmarks.judging import main

if __name__ == "__main__":
    sys.exit(main("benchmarks.checking_requests"))
