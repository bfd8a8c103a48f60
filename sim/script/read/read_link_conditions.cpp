#include "sim/script/read/read_link_conditions.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "sim/base/text/duration_text.h"
#include "sim/script/read/kinds.h"
#include "sim/script/read/units.h"
#include "sim/script/spec/limits.h"

namespace sim {
namespace {

static_assert(kMaxLinkDelay == std::chrono::seconds(60), "the texts below say so");
const DurationKind kDelay{Duration(0), kMaxLinkDelay,
                          R"(a duration of at most 60s, as "0s", "250us" or "20ms")"};
static_assert(kMaxLoss == 0.9, "the text below says so");
constexpr std::string_view kLossRight = R"(a share from 0 to 0.9, as 0.01 or "1%")";
static_assert(kMinBandwidthBps == 1 && kMaxBandwidthBps == 1e12, "the text below says so");
const QuantityKind kBandwidth{
    parse_bandwidth,
    kMinBandwidthBps,
    kMaxBandwidthBps,
    false,
    "bandwidth",
    "[kmg]?bit/s",
    R"(from 1bit/s to 1000gbit/s, as "56kbit/s" or "10mbit/s", or "unlimited")"};

// A duration, or an object that names a distribution.
struct JitterKind {
  struct Shapes {
    std::optional<Duration> uniform, normal, exponential;
  };
  static const Fields<Shapes>& fields() {
    static const Fields<Shapes> kFields = {
        {"uniform", kDelay, &Shapes::uniform,
         "Latencies are spread evenly, by this much below and above."},
        {"normal", kDelay, &Shapes::normal,
         "Latencies are normally distributed with this standard deviation."},
        {"exponential", kDelay, &Shapes::exponential,
         "Latencies are longer by an exponentially distributed time with this mean."},
    };
    return kFields;
  }

  static std::optional<Jitter> read(const JsonNode& node, Problems& problems) {
    if (json_is_string(node.json)) {
      const auto amount = kDelay.read(node, problems);
      if (!amount) return std::nullopt;
      return Jitter{JitterShape::kUniform, *amount};
    }
    ObjectReader object(node, problems, allowed());
    if (!object.is_object()) return std::nullopt;
    Shapes shapes;
    read_fields(object, fields(), shapes);
    object.finish();
    const auto keys = keys_of(fields());
    const auto count = std::count_if(keys.begin(), keys.end(),
                                     [&](std::string_view key) { return object.has(key); });
    if (count != 1) {
      problems.add(node.path, count == 0 ? "has no shape" : "has several shapes",
                   "one of " + listed(keys));
      return std::nullopt;
    }
    if (shapes.uniform) return Jitter{JitterShape::kUniform, *shapes.uniform};
    if (shapes.normal) return Jitter{JitterShape::kNormal, *shapes.normal};
    if (shapes.exponential) return Jitter{JitterShape::kExponential, *shapes.exponential};
    return std::nullopt;
  }
  static std::string allowed() {
    return R"(a duration of at most 60s, as "5ms", or {"uniform": "5ms"}, {"normal": "5ms"} or )"
           R"({"exponential": "5ms"})";
  }
  static Schema schema() {
    return one_of({kDelay.schema(), object_schema(fields(), has_one_of(keys_of(fields())))})
        .defined_as("jitter");
  }
  static std::string shown(const Jitter& jitter) { return kDelay.shown(jitter.amount); }
};

// Bits per second; 0 for "unlimited".
struct BandwidthKind {
  static std::optional<double> read(const JsonNode& node, Problems& problems) {
    if (string_of(node.json) == "unlimited") return 0;
    return kBandwidth.read(node, problems);
  }
  static std::string allowed() { return kBandwidth.allowed(); }
  static Schema schema() {
    return one_of({R"("const": "unlimited")", kBandwidth.schema()}).defined_as("bandwidth");
  }
  static std::string shown(double) { return R"("unlimited")"; }
};

// A number, or a string in percent.
struct LossKind {
  static std::optional<double> read(const JsonNode& node, Problems& problems) {
    if (json_is_number(node.json)) {
      return RealKind{0, kMaxLoss, false, kLossRight}.read(node, problems);
    }
    const auto text = read_text(node, problems, kLossRight);
    if (!text) return std::nullopt;
    const auto loss = parse_percent(*text);
    if (loss && *loss >= 0 && *loss <= kMaxLoss) return loss;
    report_quantity(node, problems, loss.has_value(), "share", kLossRight);
    return std::nullopt;
  }
  static std::string allowed() { return std::string(kLossRight); }
  static Schema schema() {
    return one_of({RealKind{0, kMaxLoss, false, kLossRight}.schema(),
                   R"("type": "string", )"
                   R"("pattern": "^0*([0-8]?[0-9](\\.[0-9]{1,9})?|90(\\.0{1,9})?)%$")"})
        .defined_as("loss");
  }
  static std::string shown(double loss) { return fmt::format("{}", loss); }
};

// Conditions is LinkConditions, whose values are defaults, or LinkConditionsChange, without
// defaults.
template <class Conditions>
const Fields<Conditions>& condition_fields() {
  static const Fields<Conditions> kFields = {
      {"latency", kDelay, &Conditions::latency, "How long a line takes from end to end."},
      {"jitter", JitterKind{}, &Conditions::jitter, "How much latencies vary."},
      {"bandwidth", BandwidthKind{}, &Conditions::bandwidth_bps,
       "How much fits through; the rest waits in a queue."},
      {"loss", LossKind{}, &Conditions::loss,
       "The share of lines that are sent again, and so arrive late."},
  };
  return kFields;
}

// Replaces the values of `change` that `over` has.
void override_with(LinkConditionsChange& change, const LinkConditionsChange& over) {
  if (over.latency) change.latency = over.latency;
  if (over.jitter) change.jitter = over.jitter;
  if (over.bandwidth_bps) change.bandwidth_bps = over.bandwidth_bps;
  if (over.loss) change.loss = over.loss;
}

const std::vector<std::string_view>& condition_keys() {
  static const auto kKeys = keys_of(condition_fields<LinkConditionsChange>());
  return kKeys;
}

Schema one_way_schema() {
  return object_schema(condition_fields<LinkConditionsChange>()).defined_as("one_way");
}

template <LinkConditionsChange TwoWayChange::*way>
void read_way(Problems& problems, const JsonNode& node, TwoWayChange& change) {
  ObjectReader object(node, problems, "an object of " + listed(condition_keys(), "and"));
  if (!object.is_object()) return;
  LinkConditionsChange over;
  read_fields(object, condition_fields<LinkConditionsChange>(), over);
  override_with(change.*way, over);
  object.finish();
}

Fields<TwoWayChange, Problems> direction_fields(const Directions& directions) {
  const auto& [forward, backward] = directions;
  return {
      {forward.key, Described{one_way_schema}, read_way<&TwoWayChange::forward>, forward.says},
      {backward.key, Described{one_way_schema}, read_way<&TwoWayChange::backward>, backward.says}};
}

}  // namespace

std::vector<std::string_view> link_change_keys(const Directions& directions) {
  std::vector<std::string_view> keys = condition_keys();
  for (const Direction& direction : directions) keys.push_back(direction.key);
  return keys;
}

TwoWayChange read_link_change(ObjectReader& object, const Directions& directions) {
  TwoWayChange change;
  read_fields(object, condition_fields<LinkConditionsChange>(), change.forward);
  change.backward = change.forward;
  read_fields(object, direction_fields(directions), change, object.problems());
  return change;
}

void check_changes_something(ObjectReader& object, const Directions& directions) {
  const auto says = [&](const Direction& direction) {
    const json_t* const way =
        json_object_get(object.node().json, std::string(direction.key).c_str());
    return way != nullptr && (!json_is_object(way) || json_object_size(way) > 0);
  };
  if (object.has_any_of(condition_keys())) return;
  if (std::any_of(directions.begin(), directions.end(), says)) return;
  object.problems().add(object.node().path, "changes nothing",
                        listed(link_change_keys(directions)));
}

Properties link_change_properties(const Directions& directions) {
  return properties_of(condition_fields<LinkConditionsChange>(), direction_fields(directions));
}

Schema changes_something(const Directions& directions) {
  std::vector<Schema> ways;
  for (const std::string_view key : condition_keys()) {
    ways.emplace_back(R"("required": )" + to_json_list({key}));
  }
  for (const Direction& direction : directions) {
    ways.push_back(Schema(R"("required": )" + to_json_list({direction.key})) +
                   Schema(R"("minProperties": 1)").as(direction.key).as("properties"));
  }
  return Schema::list("anyOf", ways);
}

std::optional<TwoWayConditions> LinkConditionsKind::read(const JsonNode& node,
                                                         Problems& problems) const {
  ObjectReader object(node, problems, allowed());
  if (!object.is_object()) return std::nullopt;
  TwoWayConditions conditions;
  read_link_change(object, directions).apply_to(conditions);
  object.finish();
  return conditions;
}

std::string LinkConditionsKind::allowed() const {
  return "an object of " + listed(link_change_keys(directions), "and");
}

Schema LinkConditionsKind::schema() const {
  return object_schema(
      properties_of(condition_fields<LinkConditions>(), direction_fields(directions)));
}

}  // namespace sim
