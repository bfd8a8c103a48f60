#include "sim/script/read/read_link_conditions.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "sim/script/read/units.h"
#include "sim/script/spec/limits.h"

namespace sim {
namespace {

static_assert(kMaxLinkDelay == std::chrono::seconds(60), "the texts below say so");
const DurationKind kDelay{Duration(0), kMaxLinkDelay,
                          R"(a duration of at most 60s, as "0s", "250us" or "20ms")"};
constexpr std::string_view kJitterRight =
    R"(a duration of at most 60s, as "5ms", or {"uniform": "5ms"}, {"normal": "5ms"} or )"
    R"({"exponential": "5ms"})";
static_assert(kMinBandwidthBps == 1 && kMaxBandwidthBps == 1e12, "the text below says so");
constexpr std::string_view kBandwidthRight =
    R"(from 1bit/s to 1000gbit/s, as "56kbit/s" or "10mbit/s", or "unlimited")";
static_assert(kMaxLoss == 0.9, "the text below says so");
constexpr std::string_view kLossRight = R"(a share from 0 to 0.9, as 0.01 or "1%")";
constexpr std::array<std::string_view, 4> kConditions = {"latency", "jitter", "bandwidth", "loss"};

constexpr std::array kShapes = {
    Choice<JitterShape>{"uniform", JitterShape::kUniform},
    Choice<JitterShape>{"normal", JitterShape::kNormal},
    Choice<JitterShape>{"exponential", JitterShape::kExponential},
};

std::optional<Jitter> read_jitter(const JsonNode& node, Problems& problems) {
  if (json_is_string(node.json)) {
    const auto amount = read_duration(node, problems, kDelay);
    if (!amount) return std::nullopt;
    return Jitter{JitterShape::kUniform, *amount};
  }
  ObjectReader object(node, problems, kJitterRight);
  if (!object.is_object()) return std::nullopt;
  std::optional<Jitter> jitter;
  int shapes = 0;
  for (const auto& [name, shape] : kShapes) {
    const auto amount_node = object.optional(name);
    if (!amount_node) continue;
    ++shapes;
    if (const auto amount = read_duration(*amount_node, problems, kDelay)) {
      jitter = Jitter{shape, *amount};
    }
  }
  object.finish();
  if (shapes == 1) return jitter;
  problems.add(node.path, shapes == 0 ? "has no shape" : "has several shapes",
               "one of " + listed(names_of(kShapes)));
  return std::nullopt;
}

std::optional<double> read_bandwidth(const JsonNode& node, Problems& problems) {
  const auto text = read_text(node, problems, kBandwidthRight);
  if (!text) return std::nullopt;
  if (*text == "unlimited") return 0;
  const auto bps = parse_bandwidth(*text);
  if (bps && *bps >= kMinBandwidthBps && *bps <= kMaxBandwidthBps) return bps;
  problems.add(node.path,
               fmt::format("{} {}", quoted(*text),
                           bps ? "is out of range" : "is not a bandwidth that can be used"),
               std::string(kBandwidthRight));
  return std::nullopt;
}

std::optional<double> read_loss(const JsonNode& node, Problems& problems) {
  std::optional<double> loss;
  std::string shown;
  if (json_is_number(node.json)) {
    loss = json_number_value(node.json);
    shown = fmt::format("{}", *loss);
  } else {
    const auto text = read_text(node, problems, kLossRight);
    if (!text) return std::nullopt;
    loss = parse_percent(*text);
    shown = quoted(*text);
  }
  if (loss && *loss >= 0 && *loss <= kMaxLoss) return loss;
  problems.add(node.path, shown + (loss ? " is out of range" : " is not a share that can be used"),
               std::string(kLossRight));
  return std::nullopt;
}

LinkConditionsChange read_one_way(ObjectReader& object, Problems& problems) {
  LinkConditionsChange change;
  if (const auto node = object.optional("latency")) {
    change.latency = read_duration(*node, problems, kDelay);
  }
  if (const auto node = object.optional("jitter")) change.jitter = read_jitter(*node, problems);
  if (const auto node = object.optional("bandwidth")) {
    change.bandwidth_bps = read_bandwidth(*node, problems);
  }
  if (const auto node = object.optional("loss")) change.loss = read_loss(*node, problems);
  return change;
}

// What `over` names goes before what `change` does.
void override_with(LinkConditionsChange& change, const LinkConditionsChange& over) {
  if (over.latency) change.latency = over.latency;
  if (over.jitter) change.jitter = over.jitter;
  if (over.bandwidth_bps) change.bandwidth_bps = over.bandwidth_bps;
  if (over.loss) change.loss = over.loss;
}

std::vector<std::string_view> keys_with(const DirectionNames& directions) {
  std::vector<std::string_view> keys(kConditions.begin(), kConditions.end());
  keys.insert(keys.end(), directions.begin(), directions.end());
  return keys;
}

}  // namespace

TwoWayChange read_link_change(ObjectReader& object, const DirectionNames& directions,
                              Problems& problems) {
  TwoWayChange change;
  change.forward = change.backward = read_one_way(object, problems);
  const std::array ways = {&change.forward, &change.backward};
  for (std::size_t i = 0; i < ways.size(); ++i) {
    const auto node = object.optional(directions[i]);
    if (!node) continue;
    ObjectReader way(*node, problems, "an object of " + listed(kConditions, "and"));
    if (!way.is_object()) continue;
    override_with(*ways[i], read_one_way(way, problems));
    way.finish();
  }
  return change;
}

TwoWayConditions read_link_conditions(const JsonNode& node, const DirectionNames& directions,
                                      Problems& problems) {
  TwoWayConditions conditions;
  ObjectReader object(node, problems, "an object of " + listed(keys_with(directions), "and"));
  if (!object.is_object()) return conditions;
  read_link_change(object, directions, problems).apply_to(conditions);
  object.finish();
  return conditions;
}

void check_changes_something(const ObjectReader& object, const DirectionNames& directions,
                             Problems& problems) {
  const auto has = [&](std::string_view key) { return object.has(key); };
  const auto says = [&](std::string_view direction) {
    const json_t* const way = json_object_get(object.node().json, std::string(direction).c_str());
    return way != nullptr && (!json_is_object(way) || json_object_size(way) > 0);
  };
  if (std::any_of(kConditions.begin(), kConditions.end(), has)) return;
  if (std::any_of(directions.begin(), directions.end(), says)) return;
  problems.add(object.node().path, "changes nothing", listed(keys_with(directions)));
}

}  // namespace sim
