// What the readers of events share: the one that is being read, and what it may refer to.
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
  std::optional<Duration> duration;  // of the script, where it is known
  const Names& names;
  Problems& problems;

  // A server that every herd concerned has.
  std::optional<std::string> required_server(std::string_view key) const;
  std::optional<std::string> server(const JsonNode& node) const;
  // Two servers that every herd concerned links.
  std::optional<ServerPair> required_link() const;
  std::optional<ServerPair> link(const JsonNode& node) const;
  // Reports what lasts longer than the script, as `the burst`.
  void check_ends(const JsonNode& over_node, Duration over, std::string_view what) const;
};

}  // namespace sim
