#include "sim/script/read/read_link_overrides.h"

#include <optional>
#include <set>
#include <string>
#include <utility>

#include "sim/script/read/json_reader.h"
#include "sim/script/read/read_link_conditions.h"
#include "sim/script/read/read_links.h"

namespace sim {
namespace {

constexpr std::string_view kPairRight = R"(two servers, as ["Alford", "Welsh"])";

class OverridesReader {
 public:
  OverridesReader(const HerdRead& herd, Problems& problems)
      : herd_(herd), names_(herd), problems_(problems) {}

  void read(const JsonNode& node, std::unordered_map<std::uint32_t, TwoWayConditions>& out) {
    ObjectReader object(node, problems_, R"(an object of a "link" and what it is like)");
    if (!object.is_object()) return;
    const auto link_node = object.required("link", kPairRight);
    const auto link = link_node ? read_link(*link_node) : std::nullopt;
    TwoWayChange change = read_link_change(object, kLinkDirections, problems_);
    object.finish();
    check_changes_something(object, kLinkDirections, problems_);
    if (!link) return;
    if (link->turned_round) change = change.turned_round();
    TwoWayConditions conditions = herd_.spec.link;
    change.apply_to(conditions);
    out.emplace(link->index, conditions);
  }

 private:
  struct Link {
    std::uint32_t index = 0;
    bool turned_round = false;  // named in the other order than the herd's
  };

  std::optional<Link> read_link(const JsonNode& node) {
    const auto pair = read_server_pair(node, problems_);
    if (!pair || !herd_.servers_known) return std::nullopt;
    const auto first = server(node.item(0), pair->first);
    const auto second = server(node.item(1), pair->second);
    if (!first || !second || !herd_.links_known) return std::nullopt;
    const auto index = names_.link(*first, *second);
    if (!index) {
      problems_.add(node.path,
                    "there is no link of " + quoted(pair->first) + " and " + quoted(pair->second),
                    "two servers that are linked");
      return std::nullopt;
    }
    if (!seen_.insert(*index).second) {
      problems_.add(node.path, "is listed already", "each link once, in either order");
      return std::nullopt;
    }
    return Link{*index, *second < *first};
  }

  std::optional<std::uint32_t> server(const JsonNode& node, const std::string& name) {
    const auto found = names_.server(name);
    if (!found) {
      problems_.add(node.path, "there is no server " + quoted(name),
                    what_else(name, names_.servers()));
    }
    return found;
  }

  const HerdRead& herd_;
  const HerdNames names_;
  Problems& problems_;
  std::set<std::uint32_t> seen_;
};

}  // namespace

std::unordered_map<std::uint32_t, TwoWayConditions> read_link_overrides(const JsonNode& node,
                                                                        const HerdRead& herd,
                                                                        Problems& problems) {
  std::unordered_map<std::uint32_t, TwoWayConditions> overrides;
  const auto size = read_list(node, problems, "a list of links and what they are like");
  if (!size) return overrides;
  OverridesReader reader(herd, problems);
  for (std::size_t i = 0; i < *size; ++i) reader.read(node.item(i), overrides);
  return overrides;
}

}  // namespace sim
