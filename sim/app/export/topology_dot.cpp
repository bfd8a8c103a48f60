#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>

#include "sim/app/export/export_formats.h"
#include "sim/base/text/numbers.h"
#include "sim/base/text/utf8.h"

namespace sim {
namespace {

constexpr std::size_t kMessages = 0, kDuplicates = 2;  // places in kLinkFigures
static_assert(kLinkFigures[kMessages] == "messages" && kLinkFigures[kDuplicates] == "duplicates");
constexpr std::size_t kFewServers = 100;  // neato takes long with more

// Returns the text as the label of a node shows it. Graphviz reads backslashes and the entities of
// HTML in labels.
std::string dot_label(std::string_view text) {
  std::string out;
  for (const char c : printable(text)) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '&' ? std::string("&amp;") : std::string(1, c);
  }
  return out;
}

template <std::size_t kFigures>
std::string dot_attributes(const std::array<std::string_view, kFigures>& names,
                           const std::array<std::string, kFigures>& figures) {
  std::string out;
  for (std::size_t i = 0; i < kFigures; ++i) {
    if (!figures[i].empty()) out += fmt::format(", {}={}", names[i], figures[i]);
  }
  return out;
}

double messages_of(const TopologyLink& link) {
  return read_real(link.figures[kMessages]).value_or(0);
}

std::string link_label(const TopologyLink& link) {
  const std::string& messages = link.figures[kMessages];
  if (messages.empty()) return "";
  return fmt::format("{} ({} dup.)", messages, link.figures[kDuplicates]);
}

}  // namespace

Export topology_dot(const Topology& topology) {
  double most = 1;
  for (const TopologyLink& link : topology.links) most = std::max(most, messages_of(link));
  std::string out = fmt::format(
      "digraph herd {{\n  graph [layout={}, overlap=false, splines=true, label=\"{}: {}\"];\n"
      "  node [shape=box, style=rounded];\n  edge [fontsize=9];\n",
      topology.servers.size() <= kFewServers ? "neato" : "sfdp", dot_label(topology.run),
      dot_label(topology.herd));
  for (std::size_t i = 0; i < topology.servers.size(); ++i) {
    const TopologyServer& server = topology.servers[i];
    out += fmt::format("  s{} [label=\"{}\"{}];\n", i, dot_label(server.name),
                       dot_attributes(kServerFigures, server.figures));
  }
  for (const TopologyLink& link : topology.links) {
    // A line's area grows with the messages.
    const double width = 0.5 + 3.5 * std::sqrt(messages_of(link) / most);
    out += fmt::format("  s{} -> s{} [label=\"{}\", penwidth={:.2f}{}];\n", link.from, link.to,
                       link_label(link), width, dot_attributes(kLinkFigures, link.figures));
  }
  return {out + "}\n", {}};
}

}  // namespace sim
