// The URL of a Places provider, and the API key within it.
#pragma once

#include <optional>
#include <string>

namespace sim {

// The parts of a base URL that matter to those who ask.
struct ProviderUrl {
  std::string prefix;  // what the query string is appended to
  std::string origin;  // scheme://host:port, for messages
  std::string host;    // IPv6 in brackets
  std::string port;
  bool is_plain = false;  // http
};

// Returns nullopt if the text is not such a URL as PlacesAskerConfig describes.
std::optional<ProviderUrl> read_provider_url(std::string text);

// Returns "&key=…", encoded; empty without a key.
std::string key_parameter(const std::string& key);

}  // namespace sim
