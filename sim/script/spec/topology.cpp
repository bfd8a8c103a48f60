#include "sim/script/spec/topology.h"

#include <fmt/format.h>

#include "sim/script/spec/limits.h"
#include "sim/script/spec/regular_graph.h"

namespace sim {
namespace {

using Links = std::vector<LinkSpec>;
using MadeLinks = herd::Result<Links, TopologyError>;

TopologyError too_many(std::uint64_t links) {
  return {fmt::format("makes {} links", links), fmt::format("at most {} links", kMaxLinks)};
}

Links ring_or_line(std::uint32_t servers, bool ring) {
  Links links;
  for (std::uint32_t i = 0; i + 1 < servers; ++i) links.push_back({i, i + 1});
  if (ring) links.push_back({0, servers - 1});
  return links;
}

Links complete(std::uint32_t servers) {
  Links links;
  for (std::uint32_t a = 0; a < servers; ++a) {
    for (std::uint32_t b = a + 1; b < servers; ++b) links.push_back({a, b});
  }
  return links;
}

MadeLinks links_of(Shape shape, std::uint32_t servers, herd::Random& /*random*/) {
  Links links;
  switch (shape) {
    case Shape::kRing:
      if (servers < 3) {
        return TopologyError{fmt::format("a ring cannot be made of {} server(s)", servers),
                             "at least 3 servers"};
      }
      return ring_or_line(servers, true);
    case Shape::kLine:
      return ring_or_line(servers, false);
    case Shape::kStar:
      for (std::uint32_t i = 1; i < servers; ++i) links.push_back({0, i});
      return links;
    case Shape::kComplete:
      if (const std::uint64_t count = std::uint64_t{servers} * (servers - 1) / 2;
          count > kMaxLinks) {
        return too_many(count);
      }
      return complete(servers);
    case Shape::kTree:
      for (std::uint32_t i = 1; i < servers; ++i) links.push_back({(i - 1) / 2, i});
      return links;
  }
  return links;
}

MadeLinks links_of(RegularShape shape, std::uint32_t servers, herd::Random& random) {
  const std::uint64_t ends = std::uint64_t{servers} * shape.degree;
  const auto cannot = [&](std::string right) {
    return TopologyError{
        fmt::format("{} server(s) cannot have {} link(s) each", servers, shape.degree),
        std::move(right)};
  };
  if (shape.degree >= servers) return cannot("fewer links each than there are servers");
  if (ends % 2 != 0) return cannot("servers times links must be even");
  if (shape.degree == 1 && servers > 2) return cannot("at least 2, or the herd is in pieces");
  if (ends / 2 > kMaxLinks) return too_many(ends / 2);
  return regular_graph(servers, shape.degree, random);
}

MadeLinks links_of(GridShape shape, std::uint32_t servers, herd::Random& /*random*/) {
  const std::uint64_t places = std::uint64_t{shape.width} * shape.height;
  if (places != servers) {
    return TopologyError{
        fmt::format("a grid of {} by {} has {} places", shape.width, shape.height, places),
        fmt::format("as many as there are servers, {}", servers)};
  }
  Links links;
  for (std::uint32_t i = 0; i < servers; ++i) {
    if ((i + 1) % shape.width != 0) links.push_back({i, i + 1});
    if (i + shape.width < servers) links.push_back({i, i + shape.width});
  }
  return links;
}

}  // namespace

std::uint64_t most_links(const Topology& topology, std::uint32_t servers) {
  const std::uint64_t count = servers;
  if (const auto* regular = std::get_if<RegularShape>(&topology)) {
    return count * std::min(regular->degree, servers) / 2;
  }
  if (std::holds_alternative<GridShape>(topology)) return 2 * count;
  return std::get<Shape>(topology) == Shape::kComplete ? count * (count - 1) / 2 : count;
}

MadeLinks make_links(const Topology& topology, std::uint32_t servers, herd::Random& random) {
  return std::visit([&](const auto& shape) { return links_of(shape, servers, random); }, topology);
}

}  // namespace sim
