"""Asks Places (Nearby Search) what is near a client."""
import asyncio
import json
import urllib.request

from grammar import degrees

PATH = "/maps/api/place/nearbysearch/json"


def fetch(query):
    with urllib.request.urlopen(query, timeout=5) as answer:
        return json.load(answer)


async def places(url, location, radius, bound):
    """Returns the JSON for a WHATSAT. If Places fails, it has no results, and says why."""
    near = "location=%.9f,%.9f&radius=%.3f" % (*degrees(location), float(radius) * 1000)
    try:
        found = await asyncio.to_thread(fetch, f"{url}{PATH}?{near}")
        found["results"] = found["results"][:int(bound)]
    except (OSError, ValueError, LookupError, TypeError) as error:
        found = {"results": [], "status": "UNKNOWN_ERROR", "error_message": str(error)}
    return json.dumps(found, indent=2).encode()
