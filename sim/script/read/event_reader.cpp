#include "sim/script/read/event_reader.h"

#include <fmt/format.h>

#include "sim/script/read/read_links.h"

namespace sim {

std::optional<std::string> EventReader::required_server(std::string_view key) const {
  const auto node = object.required(key, "a server's name");
  if (!node) return std::nullopt;
  return server(*node);
}

std::optional<std::string> EventReader::server(const JsonNode& node) const {
  auto name = read_name(node, problems);
  if (name && herd_known) names.check_server(node, *name, event.herd, problems);
  return name;
}

std::optional<ServerPair> EventReader::required_link() const {
  const auto node = object.required("link", R"(two servers, as ["Alford", "Welsh"])");
  if (!node) return std::nullopt;
  return link(*node);
}

std::optional<ServerPair> EventReader::link(const JsonNode& node) const {
  auto pair = read_server_pair(node, problems);
  if (!pair || !herd_known) return pair;
  const bool first = names.check_server(node.item(0), pair->first, event.herd, problems);
  const bool second = names.check_server(node.item(1), pair->second, event.herd, problems);
  if (first && second) names.check_link(node, pair->first, pair->second, event.herd, problems);
  return pair;
}

void EventReader::check_ends(const JsonNode& over_node, Duration over,
                             std::string_view what) const {
  if (!duration || event.at > *duration || over <= *duration - event.at) return;
  problems.add(over_node.path, fmt::format("{} goes on after the end of the script", what),
               "`at` and `over` together at most `duration`");
}

}  // namespace sim
