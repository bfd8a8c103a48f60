// Bytes as they travel inside a page.
#pragma once

#include <string>
#include <string_view>

namespace sim {

// Returns the bytes as gzip (RFC 1952), the same for the same bytes: no name, no time.
std::string gzip(std::string_view bytes);

// Returns the bytes in base64 with padding, on one line.
std::string base64(std::string_view bytes);

// Returns what a Content-Security-Policy calls the source `text`: 'sha256-…', with its quotes.
std::string csp_hash(std::string_view text);

}  // namespace sim
