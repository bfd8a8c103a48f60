#include "sim/script/read/read_link_overrides.h"

#include <optional>
#include <set>
#include <string>
#include <utility>

#include "sim/script/read/fields.h"
#include "sim/script/read/read_link_conditions.h"
#include "sim/script/read/read_links.h"

namespace sim {
namespace {

class OverridesReader {
 public:
  OverridesReader(const HerdRead& herd, Problems& problems)
      : herd_(herd), names_(herd), problems_(problems) {}

  void read(const JsonNode& node, std::unordered_map<std::uint32_t, TwoWayConditions>& out) {
    ObjectReader object(node, problems_, R"(an object of a "link" and what it is like)");
    if (!object.is_object()) return;
    Link link;
    read_fields(object, fields(), link, *this);
    TwoWayChange change = read_link_change(object, kLinkDirections);
    object.finish();
    check_changes_something(object, kLinkDirections);
    if (!link.index) return;
    if (link.turned_round) change = change.turned_round();
    TwoWayConditions conditions = herd_.spec.link;
    change.apply_to(conditions);
    out.emplace(*link.index, conditions);
  }

  static Schema schema() {
    return object_schema(properties_of(fields(), link_change_properties(kLinkDirections)),
                         changes_something(kLinkDirections));
  }

 private:
  struct Link {
    std::optional<std::uint32_t> index;  // nullopt after problems
    bool turned_round = false;           // named in the other order than the herd's
  };

  static const Fields<Link, OverridesReader>& fields() {
    static const Fields<Link, OverridesReader> kFields = {
        {"link", ServerPairKind{}, &OverridesReader::find_link,
         "The link, by its two servers. `forward` is from the one named first.", required()},
    };
    return kFields;
  }

  void find_link(const JsonNode& node, const ServerPair& pair, Link& link) {
    if (!herd_.servers_known) return;
    const auto first = server(node.item(0), pair.first);
    const auto second = server(node.item(1), pair.second);
    if (!first || !second || !herd_.links_known) return;
    const auto index = names_.link(*first, *second);
    if (!index) {
      problems_.add(node.path,
                    "there is no link of " + quoted(pair.first) + " and " + quoted(pair.second),
                    "two servers that are linked");
    } else if (!seen_.insert(*index).second) {
      problems_.add(node.path, "is listed already", "each link once, in either order");
    } else {
      link = {index, *second < *first};
    }
  }

  std::optional<std::uint32_t> server(const JsonNode& node, const std::string& name) {
    const auto found = names_.server(name);
    if (!found) {
      problems_.add(node.path, "there is no server " + quoted(name),
                    what_else(name, names_.servers(), problems_));
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

Schema link_overrides_schema() {
  return R"("type": "array")" + OverridesReader::schema().as("items");
}

}  // namespace sim
