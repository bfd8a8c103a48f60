#include "sim/script/read/read_central_herd.h"

#include <algorithm>
#include <vector>

#include "sim/script/read/kinds.h"

namespace sim {
namespace {

// The first server to each of the others, in any order.
bool is_star(const HerdSpec& herd) {
  std::vector<bool> linked(herd.servers.size());
  for (const LinkSpec& link : herd.links) {
    if (link.first != 0) return false;
    linked[link.second] = true;
  }
  return std::count(linked.begin(), linked.end(), true) + 1 ==
         static_cast<std::ptrdiff_t>(linked.size());
}

constexpr Choice<bool> kOnOff[] = {{"on", true}, {"off", false}};

const std::vector<std::string_view>& meaningless_keys() {
  static const std::vector<std::string_view> kKeys = {
      "propagation", "batch",     "outbox", "recovery",    "order",
      "max_ahead",   "keepalive", "loops",  "max_records", "max_bytes"};
  return kKeys;
}

}  // namespace

void check_central_herd(ObjectReader& object, ClockKind clock, const HerdRead& herd) {
  Problems& problems = object.problems();
  if (clock == ClockKind::kVirtual) {
    problems.add(object.node().member_path("engine"),
                 "runs a real database, which virtual time cannot wait for",
                 R"("native", or "clock": "live")");
  }
  for (const std::string_view key : meaningless_keys()) {
    object.refuse(key, "is of our own servers, and means nothing to the front ends of a database",
                  R"(leave it out, or "engine": "native")");
  }
  if (herd.links_known && herd.servers_known && !is_star(herd.spec)) {
    problems.add(object.node().member_path("links"),
                 "do not link the first server, where the database is, with each of the others "
                 "and no others with each other",
                 R"("star", or leave it out)");
  }
}

const Fields<CentralSpec>& central_fields() {
  static const Fields<CentralSpec> kFields = {
      {"durability", choice_of(kOnOff), &CentralSpec::durable,
       "Of a central herd's database: whether an update is answered only once it is on the disk."},
  };
  return kFields;
}

void refuse_central_keys(ObjectReader& object) {
  for (const std::string_view key : keys_of(central_fields())) {
    object.refuse(key, "is a setting of a central herd's database",
                  R"("engine": "central", or leave it out)");
  }
}

Schema central_rule() {
  return R"("if": {"required": ["engine"], "properties": {"engine": {"const": "central"}}})" +
         has_any_of(meaningless_keys()).as("not").as("then") +
         has_any_of(keys_of(central_fields())).as("not").as("else");
}

}  // namespace sim
