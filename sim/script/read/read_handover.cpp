#include "sim/script/read/read_handover.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <optional>
#include <string_view>

#include "sim/script/read/json_reader.h"
#include "sim/script/read/read_schedules.h"
#include "sim/script/read/units.h"
#include "sim/script/spec/limits.h"

namespace sim {
namespace {

constexpr std::string_view kTimedRight =
    R"({"every": "5s"} or {"rate": "2/min", "arrivals": "poisson"} with "to", "on_loss", or both)";
constexpr std::string_view kNearestRight = R"("hysteresis", "check" or "on_loss")";
static_assert(kMaxHysteresisM == 20'000'000, "the text below says so");
constexpr std::string_view kHysteresisRight =
    R"(a distance of at most 20000km, as "0m", "50m" or "1.5km")";

constexpr std::array kNextServers = {
    Choice<NextServer>{"next", NextServer::kNext},
    Choice<NextServer>{"random", NextServer::kRandom},
    Choice<NextServer>{"nearest", NextServer::kNearest},
};

std::optional<double> read_hysteresis_m(const JsonNode& node, Problems& problems) {
  const auto text = read_text(node, problems, kHysteresisRight);
  if (!text) return std::nullopt;
  const auto km_text = parse_distance_km(*text);
  double km = 0;
  if (km_text) std::from_chars(km_text->data(), km_text->data() + km_text->size(), km);
  if (km_text && km * 1000 <= kMaxHysteresisM) return km * 1000;
  problems.add(node.path,
               fmt::format("{} {}", quoted(*text),
                           km_text ? "is out of range" : "is not a distance that can be used"),
               std::string(kHysteresisRight));
  return std::nullopt;
}

class HandoverReader {
 public:
  HandoverReader(ObjectReader& object, const Names& names, Problems& problems)
      : object_(object), names_(names), problems_(problems) {}

  void read_nearest(Handover& handover) {
    for (const std::string_view key : {"every", "rate", "arrivals", "to"}) {
      object_.refuse(key, R"(is not for clients of the server "nearest")",
                     std::string(kNearestRight));
    }
    if (const auto node = object_.optional("hysteresis")) {
      handover.hysteresis_m = read_hysteresis_m(*node, problems_).value_or(handover.hysteresis_m);
    }
    if (const auto node = object_.optional("check")) {
      handover.check = read_duration(*node, problems_, kPositiveDuration).value_or(handover.check);
    }
    read_on_loss(handover);
    if (json_object_size(object_.node().json) == 0) says_nothing(kNearestRight);
  }

  void read_timed(Handover& handover) {
    for (const std::string_view key : {"hysteresis", "check"}) {
      object_.refuse(key, R"(is for clients of the server "nearest" alone)", kTimedRight);
    }
    const auto to = object_.optional("to");
    if (to) handover.to = read_next(*to).value_or(handover.to);
    if (to || object_.has("every") || object_.has("rate") || object_.has("arrivals")) {
      handover.times = read_times(object_, problems_, kTimedRight);
    } else {
      for (const std::string_view key : {"every", "rate"}) object_.optional(key);  // suggests them
    }
    read_on_loss(handover);
    if (json_object_size(object_.node().json) == 0) says_nothing(kTimedRight);
  }

 private:
  void says_nothing(std::string_view right) {
    problems_.add(object_.node().path, "is empty", std::string(right));
  }

  std::optional<NextServer> read_next(const JsonNode& node) {
    const auto next = read_choice(node, problems_, kNextServers);
    if (next == NextServer::kNearest) names_.check_positions(node, problems_);
    return next;
  }

  void read_on_loss(Handover& handover) {
    static constexpr std::array kOnLoss = {
        Choice<std::optional<NextServer>>{"same", std::nullopt},
        Choice<std::optional<NextServer>>{"next", NextServer::kNext},
        Choice<std::optional<NextServer>>{"random", NextServer::kRandom},
        Choice<std::optional<NextServer>>{"nearest", NextServer::kNearest},
    };
    const auto node = object_.optional("on_loss");
    if (!node) return;
    const auto on_loss = read_choice(*node, problems_, kOnLoss);
    if (!on_loss) return;
    handover.on_loss = *on_loss;
    if (handover.on_loss == NextServer::kNearest) names_.check_positions(*node, problems_);
  }

  ObjectReader& object_;
  const Names& names_;
  Problems& problems_;
};

}  // namespace

Handover read_handover(const JsonNode& node, bool keeps_nearest, const Names& names,
                       Problems& problems) {
  Handover handover;
  ObjectReader object(node, problems, keeps_nearest ? kNearestRight : kTimedRight);
  if (!object.is_object()) return handover;
  HandoverReader reader(object, names, problems);
  keeps_nearest ? reader.read_nearest(handover) : reader.read_timed(handover);
  object.finish();
  names.check_many_servers(node, problems);
  return handover;
}

}  // namespace sim
