// Finds an API key in a text that comes from its provider, so that no client and no log is shown
// it.
#pragma once

#include <string_view>

namespace sim {

// Returns whether the text repeats the key, in either case: as it is, in base64 or hexadecimal, or
// with any of its characters escaped as in URLs, JSON or HTML. Every text that a short key
// (fewer than 8 bytes) is part of would repeat it, so that only the key itself counts there.
bool repeats_key(std::string_view text, std::string_view key);

}  // namespace sim
