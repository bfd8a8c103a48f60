#include "sim/script/read/event_reader.h"

#include <fmt/format.h>

namespace sim {

void EventReader::check_server(const JsonNode& node, const std::string& name) const {
  if (herd_known) names.check_server(node, name, event.herd, problems);
}

void EventReader::check_link(const JsonNode& node, const ServerPair& pair) const {
  if (!herd_known) return;
  const bool first = names.check_server(node.item(0), pair.first, event.herd, problems);
  const bool second = names.check_server(node.item(1), pair.second, event.herd, problems);
  if (first && second) names.check_link(node, pair.first, pair.second, event.herd, problems);
}

void EventReader::check_ends(Duration over, std::string_view what) const {
  if (!duration || event.at > *duration || over <= *duration - event.at) return;
  problems.add(object.node().member_path("over"),
               fmt::format("{} goes on after the end of the script", what),
               "`at` and `over` together at most `duration`");
}

}  // namespace sim
