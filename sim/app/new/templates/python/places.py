"""Asks Places (Nearby Search) what is near a client."""
import asyncio
import json
import urllib.request

from grammar import degrees

PATH = "/maps/api/place/nearbysearch/json"


async def places(url, location, radius, bound):
    """Returns the JSON for a WHATSAT. If Places fails, it has no results, and says why."""
    query = "%s%s?location=%s,%s&radius=%s" % (url, PATH, *degrees(location), float(radius) * 1000)
    try:
        found = json.load(await asyncio.to_thread(urllib.request.urlopen, query, timeout=5))
        found["results"] = found["results"][:int(bound)]
    except (OSError, ValueError, LookupError) as error:
        found = {"results": [], "status": "UNKNOWN_ERROR", "error_message": str(error)}
    return json.dumps(found, indent=2).encode()
