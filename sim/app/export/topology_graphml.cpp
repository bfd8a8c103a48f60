#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "sim/app/export/export_formats.h"
#include "sim/base/text/markup.h"

namespace sim {
namespace {

constexpr std::string_view kOpening =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\"\n"
    "         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"\n"
    "         xsi:schemaLocation=\"http://graphml.graphdrawing.org/xmlns "
    "http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd\">\n";

std::string key_line(std::string_view id, std::string_view of, std::string_view name,
                     std::string_view type) {
  return fmt::format(R"(  <key id="{}" for="{}" attr.name="{}" attr.type="{}"/>{})", id, of, name,
                     type, '\n');
}

template <std::size_t kFigures>
std::string key_lines(std::string_view of, const std::array<std::string_view, kFigures>& names) {
  std::string out;
  for (const std::string_view name : names) {
    out +=
        key_line(fmt::format("{}_{}", of, name), of, name, name == kRealFigure ? "double" : "long");
  }
  return out;
}

std::string data_element(std::string_view key, std::string_view text) {
  return fmt::format(R"(<data key="{}">{}</data>)", key, xml_text(text));
}

template <std::size_t kFigures>
std::string data_elements(std::string_view of, const std::array<std::string_view, kFigures>& names,
                          const std::array<std::string, kFigures>& figures) {
  std::string out;
  for (std::size_t i = 0; i < kFigures; ++i) {
    if (!figures[i].empty()) out += data_element(fmt::format("{}_{}", of, names[i]), figures[i]);
  }
  return out;
}

}  // namespace

Export topology_graphml(const Topology& topology) {
  std::string out(kOpening);
  out += key_line("run", "graph", "run", "string");
  out += key_line("herd", "graph", "herd", "string");
  out += key_line("label", "node", "label", "string");
  out += key_lines("node", kServerFigures);
  out += key_lines("edge", kLinkFigures);
  out += "  <graph id=\"herd\" edgedefault=\"directed\">\n    ";
  out += data_element("run", topology.run) + data_element("herd", topology.herd) + '\n';
  for (std::size_t i = 0; i < topology.servers.size(); ++i) {
    const TopologyServer& server = topology.servers[i];
    out += fmt::format("    <node id=\"s{}\">{}{}</node>\n", i, data_element("label", server.name),
                       data_elements("node", kServerFigures, server.figures));
  }
  for (std::size_t i = 0; i < topology.links.size(); ++i) {
    const TopologyLink& link = topology.links[i];
    out += fmt::format("    <edge id=\"l{}\" source=\"s{}\" target=\"s{}\">{}</edge>\n", i,
                       link.from, link.to, data_elements("edge", kLinkFigures, link.figures));
  }
  out += "  </graph>\n</graphml>\n";
  return {std::move(out), {}};
}

}  // namespace sim
