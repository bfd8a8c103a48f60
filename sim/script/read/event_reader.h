// Shared by the readers of all events: the event that is being read, and the names that it may use.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/time.h"
#include "sim/script/read/json_reader.h"
#include "sim/script/read/names.h"
#include "sim/script/read/problems.h"
#include "sim/script/spec/events.h"

namespace sim {

struct EventReader {
  ObjectReader& object;
  JsonNode action;                   // the value of "do"
  Event& event;                      // its time and its herd are read
  bool herd_known = true;            // else names are not held against any herd
  std::optional<Duration> duration;  // of the script, if it is known
  const Names& names;
  Problems& problems;

  // Report a server, or a link of two servers, that a herd concerned does not have.
  void check_server(const JsonNode& node, const std::string& name) const;
  void check_link(const JsonNode& node, const ServerPair& pair) const;
  // Reports an "over" that ends after the script. `what` lasts that long, as `the burst`.
  void check_ends(Duration over, std::string_view what) const;
};

}  // namespace sim
