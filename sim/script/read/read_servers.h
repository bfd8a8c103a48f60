// Reads `herds[].servers`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/script/read/json_reader.h"
#include "sim/script/read/schema.h"
#include "sim/script/spec/herd_spec.h"

namespace sim {

struct ServersRead {
  std::vector<ServerSpec> servers;
  bool known = false;           // nothing is wrong with their names
  bool positions_known = true;  // nothing is wrong with their positions
};

// One reader for all herds: no two servers may have the same fixed port of one address.
class ServersReader {
 public:
  explicit ServersReader(Problems& problems) : problems_(problems) {}

  // Without a node the servers are the paper's.
  ServersRead read(const std::optional<JsonNode>& node);
  static Schema schema();

 private:
  std::optional<ServerSpec> read_server(const JsonNode& node, ServersRead& all);
  // Counts the servers, and reports those that are too many.
  bool has_room_for(const JsonNode& node, std::size_t servers);
  void check_port(const ObjectReader& object, const ServerSpec& server);

  Problems& problems_;
  std::size_t all_servers_ = 0;                                         // of all herds so far
  std::map<std::pair<std::string, std::uint16_t>, std::string> ports_;  // and the paths of servers
};

}  // namespace sim
