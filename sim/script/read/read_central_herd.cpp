#include "sim/script/read/read_central_herd.h"

#include <algorithm>
#include <array>

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

}  // namespace

void read_central_herd(ObjectReader& object, ClockKind clock, HerdRead& herd, Problems& problems) {
  CentralSpec& spec = herd.spec.central.emplace();
  if (clock == ClockKind::kVirtual) {
    problems.add(object.node().member_path("engine"),
                 "runs a real database, which virtual time cannot wait for",
                 R"("native", or "clock": "live")");
  }
  for (const char* key : {"propagation", "recovery", "order", "keepalive", "loops"}) {
    object.refuse(key, "means nothing to a central herd, whose servers tell each other nothing",
                  R"(leave it out, or "engine": "native")");
  }
  if (const auto durability = object.optional("durability")) {
    static constexpr std::array kChoices = {Choice<bool>{"on", true}, Choice<bool>{"off", false}};
    spec.durable = read_choice(*durability, problems, kChoices).value_or(spec.durable);
  }
  if (herd.links_known && herd.servers_known && !is_star(herd.spec)) {
    problems.add(object.node().member_path("links"),
                 "do not link the first server, where the database is, with each of the others "
                 "and no others with each other",
                 R"("star", or leave it out)");
  }
}

void refuse_central_keys(ObjectReader& object) {
  object.refuse("durability", "is a setting of a central herd's database",
                R"("engine": "central", or leave it out)");
}

}  // namespace sim
