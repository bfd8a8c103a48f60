// Which provider a herd server asks for places, and within which limits.
#pragma once

#include <cstddef>
#include <string>

#include "core/time.h"

namespace sim {

struct PlacesAskerConfig {
  // http or https, a host (ASCII), maybe a port and a path, before kNearbySearchPath. Contacts only
  // this host: no redirects, no proxies.
  std::string base_url = "https://maps.googleapis.com";
  std::string key = {};                           // the API key; empty: none is sent
  std::string ca_file = {};                       // PEM; empty: the system's authorities
  herd::Duration connect_timeout{2'000'000'000};  // name, TCP and TLS; at least 1 ms
  herd::Duration timeout{5'000'000'000};          // from ask() to the whole answer; at least 1 ms
  std::size_t max_transfers = 32;                 // at once, each on its connection; at least 1
  std::size_t max_queue = 10'000;                 // asks that may wait behind the transfers
  std::size_t max_body = 512 << 10;               // bytes
};

}  // namespace sim
