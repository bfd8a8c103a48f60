#include "sim/script/read/read_handover.h"

#include <fmt/format.h>

#include <optional>
#include <string_view>
#include <vector>

#include "sim/script/read/fields.h"
#include "sim/script/read/kinds.h"
#include "sim/script/read/read_schedules.h"
#include "sim/script/read/units.h"
#include "sim/script/spec/limits.h"

namespace sim {
namespace {

constexpr std::string_view kTimedRight =
    R"({"every": "5s"} or {"rate": "2/min", "arrivals": "poisson"} with "to", "on_loss", or both)";
constexpr std::string_view kNearestRight = R"("hysteresis", "check" or "on_loss")";

constexpr Choice<NextServer> kNextServers[] = {
    {"next", NextServer::kNext},
    {"random", NextServer::kRandom},
    {"nearest", NextServer::kNearest},
};
constexpr Choice<std::optional<NextServer>> kOnLoss[] = {
    {"same", std::nullopt},
    {"next", NextServer::kNext},
    {"random", NextServer::kRandom},
    {"nearest", NextServer::kNearest},
};

static_assert(kMaxHysteresisM == 20'000'000, "the text below says so");
struct HysteresisKind : QuantityKind {
  static std::string shown(double metres) { return to_json(fmt::format("{}m", metres)); }
};
const HysteresisKind kHysteresis{{parse_distance_m, 0, kMaxHysteresisM, false, "distance", "m|km",
                                  R"(a distance of at most 20000km, as "0m", "50m" or "1.5km")"}};

class HandoverReader {
 public:
  HandoverReader(const Names& names, Problems& problems) : names_(names), problems_(problems) {}

  void read_nearest(ObjectReader& object, Handover& handover) {
    for (const std::string_view key : timed_keys()) {
      object.refuse(key, R"(is not for clients of the server "nearest")", kNearestRight);
    }
    read_fields(object, nearest_fields(), handover);
    read_fields(object, loss_fields(), handover, *this);
  }

  void read_timed(ObjectReader& object, Handover& handover) {
    for (const std::string_view key : keys_of(nearest_fields())) {
      object.refuse(key, R"(is for clients of the server "nearest" alone)", kTimedRight);
    }
    Times times;
    read_fields(object, to_fields(), handover, *this);
    read_fields(object, times_fields(), times);
    if (object.has_any_of(timed_keys())) {
      handover.times = to_schedule(times, object, kTimedRight);
    }
    read_fields(object, loss_fields(), handover, *this);
  }

  static Schema nearest_schema() {
    return object_schema(properties_of(nearest_fields(), loss_fields()), R"("minProperties": 1)");
  }

  static Schema timed_schema() {
    std::vector<std::string_view> others = timed_keys();
    std::erase_if(others, [](std::string_view key) { return is_rate(key); });
    const Schema one_rate = R"("minProperties": 1, "not": {"required": ["every", "rate"]})";
    return object_schema(
        properties_of(to_fields(), times_fields(), loss_fields()),
        one_rate + has_any_of(others).as("if") + has_any_of({"every", "rate"}).as("then"));
  }

 private:
  static bool is_rate(std::string_view key) { return key == "every" || key == "rate"; }
  // Returns the keys that say when a client leaves its server, and for which one.
  static std::vector<std::string_view> timed_keys() {
    std::vector<std::string_view> keys = keys_of(times_fields());
    const std::vector<std::string_view> more = keys_of(to_fields());
    keys.insert(keys.end(), more.begin(), more.end());
    return keys;
  }
  static const Fields<Handover>& nearest_fields() {
    static const Fields<Handover> kFields = {
        {"hysteresis", kHysteresis, &Handover::hysteresis_m,
         "Another server must be nearer than the client's own by more than this."},
        {"check", kPositiveDuration, &Handover::check, "How often the client compares distances."},
    };
    return kFields;
  }
  static const Fields<Handover, HandoverReader>& to_fields() {
    static const Fields<Handover, HandoverReader> kFields = {
        {"to", choice_of(kNextServers), &HandoverReader::set_to,
         "The server to go to: the next one in the list, a random other one, or the nearest other "
         "one.",
         with_default(R"("next")")},
    };
    return kFields;
  }
  static const Fields<Handover, HandoverReader>& loss_fields() {
    static const Fields<Handover, HandoverReader> kFields = {
        {"on_loss", choice_of(kOnLoss), &HandoverReader::set_on_loss,
         "The server that a client dials after it lost its own: the same one, the next one in the "
         "list, a random other one, or the nearest other one.",
         with_default(R"("same")")},
    };
    return kFields;
  }

  void set_to(const JsonNode& node, NextServer to, Handover& handover) {
    handover.to = to;
    if (to == NextServer::kNearest) names_.check_positions(node, problems_);
  }

  void set_on_loss(const JsonNode& node, std::optional<NextServer> on_loss, Handover& handover) {
    handover.on_loss = on_loss;
    if (on_loss == NextServer::kNearest) names_.check_positions(node, problems_);
  }

  const Names& names_;
  Problems& problems_;
};

}  // namespace

Handover read_handover(const JsonNode& node, bool keeps_nearest, const Names& names,
                       Problems& problems) {
  Handover handover;
  const std::string_view right = keeps_nearest ? kNearestRight : kTimedRight;
  ObjectReader object(node, problems, right);
  if (!object.is_object()) return handover;
  HandoverReader reader(names, problems);
  keeps_nearest ? reader.read_nearest(object, handover) : reader.read_timed(object, handover);
  if (json_object_size(node.json) == 0) problems.add(node.path, "is empty", std::string(right));
  object.finish();
  names.check_many_servers(node, problems);
  return handover;
}

Schema handover_schema(bool keeps_nearest) {
  return keeps_nearest ? HandoverReader::nearest_schema() : HandoverReader::timed_schema();
}

}  // namespace sim
