import sys
import traceback

try:
    {}["customer"]
except KeyError:
    traceback.print_exc()
print("INFO shutting down", file=sys.stderr)
print("INFO bye", file=sys.stderr)
sys.exit(3)
