#include "sim/script/read/read_links.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "sim/script/read/fields.h"
#include "sim/script/read/kinds.h"
#include "sim/script/spec/limits.h"
#include "sim/script/spec/paper_herd.h"
#include "sim/script/spec/topology.h"

namespace sim {
namespace {

constexpr std::string_view kLinksRight =
    R"(a list of pairs, "paper", "ring", "line", "star", "complete", "tree", {"regular": K} )"
    R"(or {"grid": [W, H]})";

constexpr Choice<std::optional<Shape>> kShapes[] = {
    {"paper", std::nullopt}, {"ring", Shape::kRing},         {"line", Shape::kLine},
    {"star", Shape::kStar},  {"complete", Shape::kComplete}, {"tree", Shape::kTree},
};

struct GridKind {
  static constexpr WholeKind kSide{1, kMaxServers};

  static std::optional<GridShape> read(const JsonNode& node, Problems& problems) {
    if (!read_list_of(2, node, problems, allowed())) return std::nullopt;
    const auto width = kSide.read(node.item(0), problems);
    const auto height = kSide.read(node.item(1), problems);
    if (!width || !height) return std::nullopt;
    return GridShape{static_cast<std::uint32_t>(*width), static_cast<std::uint32_t>(*height)};
  }
  static std::string allowed() { return "two numbers, [W, H]"; }
  static Schema schema() {
    return R"("type": "array", "minItems": 2, "maxItems": 2)" + kSide.schema().as("items");
  }
};

struct Generator {
  std::optional<std::int64_t> regular;
  std::optional<GridShape> grid;
};
const Fields<Generator>& generator_fields() {
  static const Fields<Generator> kFields = {
      {"regular", WholeKind{1, kMaxServers - 1}, &Generator::regular,
       "A random graph in which every server has this many links."},
      {"grid", GridKind{}, &Generator::grid,
       "A grid of this width and height, in which each server is linked to its neighbours."},
  };
  return kFields;
}

class LinksReader {
 public:
  LinksReader(const HerdSpec& herd, bool servers_known, herd::Random& random, LinksMade& made,
              Problems& problems)
      : herd_(herd),
        servers_known_(servers_known),
        random_(random),
        made_(made),
        problems_(problems) {
    for (std::uint32_t i = 0; i < herd.servers.size(); ++i)
      places_.emplace(herd.servers[i].name, i);
  }

  std::optional<std::vector<LinkSpec>> read(const JsonNode& node) {
    if (json_is_string(node.json)) return read_shape(node);
    if (json_is_object(node.json)) return read_generator(node);
    if (json_is_array(node.json)) return read_pairs(node);
    report_wrong_type(node, problems_, kLinksRight);
    return std::nullopt;
  }

  bool is_paper_herd() const {
    return places_.size() == kPaperServers.size() &&
           std::all_of(kPaperServers.begin(), kPaperServers.end(),
                       [&](std::string_view name) { return places_.contains(name); });
  }

  std::vector<LinkSpec> paper_links() const {
    std::vector<LinkSpec> links;
    links.reserve(kPaperLinks.size());
    for (const auto& [a, b] : kPaperLinks) links.push_back(link(places_.at(a), places_.at(b)));
    return links;
  }

 private:
  static LinkSpec link(std::uint32_t a, std::uint32_t b) {
    return {std::min(a, b), std::max(a, b)};
  }

  std::optional<std::vector<LinkSpec>> read_shape(const JsonNode& node) {
    const auto shape = read_choice(node, problems_, kShapes);
    if (!shape || !servers_known_) return std::nullopt;
    if (*shape) return make(node.path, **shape);
    if (is_paper_herd()) return paper_links();
    problems_.add(node.path, "the paper's links need the paper's servers", listed(kPaperServers));
    return std::nullopt;
  }

  std::optional<std::vector<LinkSpec>> read_generator(const JsonNode& node) {
    ObjectReader object(node, problems_, kLinksRight);
    Generator generator;
    read_fields(object, generator_fields(), generator);
    object.finish();
    const bool is_regular = object.has("regular");
    if (is_regular == object.has("grid")) {
      problems_.add(node.path, is_regular ? "is both regular and a grid" : "names no shape",
                    R"({"regular": K} or {"grid": [W, H]})");
      return std::nullopt;
    }
    if (generator.regular) {
      const auto degree = static_cast<std::uint32_t>(*generator.regular);
      return make(node.member_path("regular"), RegularShape{degree});
    }
    if (generator.grid) return make(node.member_path("grid"), *generator.grid);
    return std::nullopt;
  }

  std::optional<std::vector<LinkSpec>> make(const std::string& path, const Topology& topology) {
    if (!servers_known_) return std::nullopt;
    const auto servers = static_cast<std::uint32_t>(herd_.servers.size());
    if (!has_room_for(path, topology, servers)) return std::nullopt;
    auto links = make_links(topology, servers, random_);
    if (links.ok()) return std::move(links).value();
    problems_.add(path, links.error().wrong, links.error().right);
    return std::nullopt;
  }

  // Counts the links that a shape makes, and reports those that are too many.
  bool has_room_for(const std::string& path, const Topology& topology, std::uint32_t servers) {
    made_.links += most_links(topology, servers);
    if (made_.links > kMaxLinks) {
      problems_.add(path, fmt::format("makes up to {} links in all herds so far", made_.links),
                    fmt::format("at most {} links", kMaxLinks));
      return false;
    }
    const auto* regular = std::get_if<RegularShape>(&topology);
    if (regular == nullptr || regular->degree >= servers) return true;
    constexpr std::uint64_t kOfLink = 10;
    made_.regular_work += most_links(topology, servers) * (kOfLink + regular->degree);
    if (made_.regular_work <= kMaxRegularWork) return true;
    problems_.add(path, "takes too long to draw for so many servers and links",
                  "fewer, or another shape, as \"ring\" or a list of pairs");
    return false;
  }

  std::optional<std::vector<LinkSpec>> read_pairs(const JsonNode& node) {
    const std::size_t size = json_array_size(node.json);
    if (size > kMaxLinks) {
      problems_.add(node.path, fmt::format("is a list of {}", size),
                    fmt::format("at most {} links", kMaxLinks));
      return std::nullopt;
    }
    std::vector<LinkSpec> links;
    std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
    bool good = true;
    for (std::size_t i = 0; i < size; ++i) {
      const JsonNode item = node.item(i);
      const auto pair = read_pair(item);
      if (!pair) {
        good = false;
      } else if (!seen.emplace(pair->first, pair->second).second) {
        problems_.add(item.path, "is listed already", "each link once, in either order");
        good = false;
      } else {
        links.push_back(*pair);
      }
    }
    if (!good) return std::nullopt;
    return links;
  }

  std::optional<LinkSpec> read_pair(const JsonNode& node) {
    const auto names = ServerPairKind::read(node, problems_);
    if (!names || !servers_known_) return std::nullopt;
    const auto a = place(node.item(0), names->first);
    const auto b = place(node.item(1), names->second);
    if (!a || !b) return std::nullopt;
    return link(*a, *b);
  }

  std::optional<std::uint32_t> place(const JsonNode& node, const std::string& server) {
    const auto found = places_.find(server);
    if (found != places_.end()) return found->second;
    std::vector<std::string_view> known;
    if (!problems_.are_enough()) {
      known.reserve(herd_.servers.size());
      for (const ServerSpec& each : herd_.servers) known.push_back(each.name);
    }
    problems_.add(node.path, "there is no server " + quoted(server),
                  what_else(server, known, problems_));
    return std::nullopt;
  }

  const HerdSpec& herd_;
  bool servers_known_;
  herd::Random& random_;
  LinksMade& made_;
  Problems& problems_;
  std::unordered_map<std::string_view, std::uint32_t> places_;
};

}  // namespace

std::optional<ServerPair> ServerPairKind::read(const JsonNode& node, Problems& problems) {
  if (!read_list_of(2, node, problems, allowed())) return std::nullopt;
  const auto first = NameKind{}.read(node.item(0), problems);
  const auto second = NameKind{}.read(node.item(1), problems);
  if (!first || !second) return std::nullopt;
  if (*first == *second) {
    problems.add(node.path, "links " + quoted(*first) + " with itself", allowed());
    return std::nullopt;
  }
  return ServerPair(*first, *second);
}

Schema ServerPairKind::schema() {
  return (R"("type": "array", "minItems": 2, "maxItems": 2, "uniqueItems": true)" +
          NameKind{}.schema().as("items"))
      .defined_as("link");
}

std::optional<std::vector<LinkSpec>> read_links(const std::optional<JsonNode>& node,
                                                const JsonNode& herd_node, const HerdSpec& herd,
                                                bool servers_known, herd::Random& random,
                                                LinksMade& made, Problems& problems) {
  LinksReader reader(herd, servers_known, random, made, problems);
  if (node) return reader.read(*node);
  if (!servers_known) return std::nullopt;
  if (reader.is_paper_herd()) return reader.paper_links();
  problems.add(herd_node.member_path("links"),
               "is missing; only the paper's five servers have links of their own",
               std::string(kLinksRight));
  return std::nullopt;
}

Schema links_schema() {
  const Schema pairs =
      fmt::format(R"("type": "array", "maxItems": {}, "uniqueItems": true)", kMaxLinks) +
      ServerPairKind::schema().as("items");
  return one_of({pairs, choice_of(kShapes).schema(),
                 object_schema(generator_fields(), has_one_of(keys_of(generator_fields())))});
}

Schema links_of_other_servers() {
  static_assert(kPaperServers.size() == 5, "the text below says so");
  return R"("if": {
    "required": ["servers"],
    "not": {"required": ["engine"], "properties": {"engine": {"const": "central"}}},
    "properties": {"servers": {"anyOf": [
      {"type": "integer"}, {"type": "array", "maxItems": 4}, {"type": "array", "minItems": 6}]}}},
  "then": {"required": ["links"]})";
}

}  // namespace sim
