#include "sim/script/read/read_fault_events.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>
#include <unordered_set>
#include <utility>
#include <vector>

#include "sim/script/read/read_link_conditions.h"
#include "sim/script/read/read_schedules.h"
#include "sim/script/spec/limits.h"

namespace sim {
namespace {

static_assert(kMinFaultMean == std::chrono::milliseconds(1), "the texts below say so");
const DurationKind kFaultMean{kMinFaultMean, kMaxDuration,
                              R"(a duration from 1ms to 8760h, as "500ms", "2s" or "1min")"};
constexpr std::string_view kFaultRateRight = R"(a rate from one in 8760h to 1000/s, as "6/min")";

CutHow read_how(const EventReader& reader) {
  static constexpr std::array kHows = {
      Choice<CutHow>{name_of(CutHow::kClose), CutHow::kClose},
      Choice<CutHow>{name_of(CutHow::kReset), CutHow::kReset},
      Choice<CutHow>{name_of(CutHow::kBlackhole), CutHow::kBlackhole},
  };
  const auto node = reader.object.optional("how");
  if (!node) return CutHow::kClose;
  return read_choice(*node, reader.problems, kHows).value_or(CutHow::kClose);
}

// Zero where there are problems.
Duration read_required(const EventReader& reader, std::string_view key, const DurationKind& kind) {
  const auto node = reader.object.required(key, kind.right);
  if (!node) return Duration(0);
  return read_duration(*node, reader.problems, kind).value_or(Duration(0));
}

Duration read_over(const EventReader& reader, std::string_view what) {
  const auto node = reader.object.required("over", kPositiveDuration.right);
  if (!node) return Duration(0);
  const auto over = read_duration(*node, reader.problems, kPositiveDuration);
  if (over) reader.check_ends(*node, *over, what);
  return over.value_or(Duration(0));
}

// The mean time between two faults; none where the key is not there.
std::optional<Duration> read_fault_rate(const EventReader& reader, std::string_view key) {
  const auto node = reader.object.optional(key);
  if (!node) return std::nullopt;
  const auto period = read_rate(*node, reader.problems);
  if (!period || *period >= kMinFaultMean) return period;
  reader.problems.add(node->path, quoted(string_of(node->json)) + " is out of range",
                      std::string(kFaultRateRight));
  return std::nullopt;
}

// The servers of one group, each of them in `seen` from then on; nullopt where there are problems.
std::optional<std::vector<std::string>> read_group(const EventReader& reader, const JsonNode& node,
                                                   std::unordered_set<std::string>& seen) {
  constexpr std::string_view kGroupRight = "a list of at least one server";
  const auto size = read_list(node, reader.problems, kGroupRight);
  if (!size) return std::nullopt;
  if (*size == 0) reader.problems.add(node.path, "is empty", std::string(kGroupRight));
  bool good = *size > 0;
  std::vector<std::string> servers;
  for (std::size_t i = 0; i < *size; ++i) {
    const JsonNode item = node.item(i);
    auto server = reader.server(item);
    if (server && !seen.insert(*server).second) {
      reader.problems.add(item.path, "server " + quoted(*server) + " is in a group already",
                          "each server in one group");
      server.reset();
    }
    good = good && server.has_value();
    if (server) servers.push_back(std::move(*server));
  }
  if (!good) return std::nullopt;
  return servers;
}

}  // namespace

LinkDownEvent read_link_down(const EventReader& reader) {
  LinkDownEvent down;
  if (auto link = reader.required_link()) std::tie(down.first, down.second) = std::move(*link);
  down.how = read_how(reader);
  return down;
}

LinkUpEvent read_link_up(const EventReader& reader) {
  LinkUpEvent up;
  if (auto link = reader.required_link()) std::tie(up.first, up.second) = std::move(*link);
  return up;
}

PartitionEvent read_partition(const EventReader& reader) {
  constexpr std::string_view kGroupsRight =
      R"(a list of at least one group, as [["Alford", "Hamilton"], ["Ball"]])";
  PartitionEvent partition;
  partition.how = read_how(reader);
  const auto node = reader.object.required("groups", kGroupsRight);
  if (!node) return partition;
  const auto size = read_list(*node, reader.problems, kGroupsRight);
  if (!size) return partition;
  if (*size == 0) reader.problems.add(node->path, "is empty", std::string(kGroupsRight));
  bool good = *size > 0;
  std::unordered_set<std::string> seen;
  for (std::size_t i = 0; i < *size; ++i) {
    auto group = read_group(reader, node->item(i), seen);
    good = good && group.has_value();
    if (group) partition.groups.push_back(std::move(*group));
  }
  if (good && reader.herd_known) {
    reader.names.check_cut(*node, partition.groups, reader.event.herd, reader.problems);
  }
  return partition;
}

SetLinkEvent read_set_link(const EventReader& reader) {
  SetLinkEvent set;
  if (const auto node = reader.object.optional("link")) {
    set.link = reader.link(*node);
  } else if (reader.herd_known) {
    reader.names.check_links(reader.action, reader.event.herd, reader.problems);
  }
  set.change = read_link_change(reader.object, kLinkDirections, reader.problems);
  check_changes_something(reader.object, kLinkDirections, reader.problems);
  return set;
}

FlapEvent read_flap(const EventReader& reader) {
  FlapEvent flap;
  const auto link = reader.object.optional("link");
  const auto server = reader.object.optional("server");
  if (link.has_value() == server.has_value()) {
    reader.problems.add(reader.object.node().path,
                        link ? "flaps both a link and a server" : "flaps nothing",
                        R"("link" or "server")");
  } else if (link) {
    if (auto pair = reader.link(*link)) flap.what = std::move(*pair);
  } else if (auto name = reader.server(*server)) {
    flap.what = std::move(*name);
  }
  if (server && !link) {
    reader.object.refuse("how", "is of links alone", R"("link" instead of "server")");
  } else {
    flap.how = read_how(reader);
  }
  flap.up = read_required(reader, "up", kFaultMean);
  flap.down = read_required(reader, "down", kFaultMean);
  flap.over = read_over(reader, "the flapping");
  return flap;
}

ChaosEvent read_chaos(const EventReader& reader) {
  ChaosEvent chaos;
  chaos.over = read_over(reader, "the chaos");
  chaos.lasting = read_required(reader, "lasting", kFaultMean);
  chaos.link_down = read_fault_rate(reader, "link_down");
  chaos.blackhole = read_fault_rate(reader, "blackhole");
  chaos.server_down = read_fault_rate(reader, "server_down");
  chaos.pause = read_fault_rate(reader, "pause");
  chaos.partition = read_fault_rate(reader, "partition");
  static constexpr std::array<std::string_view, 5> kFaults = {"link_down", "blackhole",
                                                              "server_down", "pause", "partition"};
  const auto has = [&](std::string_view key) { return reader.object.has(key); };
  if (std::none_of(kFaults.begin(), kFaults.end(), has)) {
    reader.problems.add(reader.object.node().path, "does nothing", listed(kFaults));
  }
  const bool of_links = has("link_down") || has("blackhole") || has("partition");
  if (of_links && reader.herd_known) {
    reader.names.check_links(reader.action, reader.event.herd, reader.problems);
  }
  return chaos;
}

}  // namespace sim
