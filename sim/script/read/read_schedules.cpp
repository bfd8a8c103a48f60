#include "sim/script/read/read_schedules.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "core/fields.h"
#include "sim/script/read/json_reader.h"
#include "sim/script/read/units.h"
#include "sim/script/spec/limits.h"

namespace sim {
namespace {

constexpr std::string_view kRateRight =
    R"(a rate from one in 8760h to one in 1ns, as "10/s", "600/min" or "1/h")";
constexpr std::string_view kRampRateRight =
    R"("0/s", or a rate from one in 8760h to one in 1ns, as "10/s", "600/min" or "1/h")";
static_assert(kMaxDuration == std::chrono::hours(8760), "the texts above say so");
constexpr std::string_view kUpdatesRight =
    R"(a rate, as "10/s", {"every": "100ms"}, {"rate": "10/s", "arrivals": "poisson"} or )"
    R"({"from": "10/s", "to": "5000/s"})";
constexpr std::string_view kQueriesRight =
    R"(a rate, as "1/s", {"every": "1s"} or {"rate": "1/s", "about": "another"})";
constexpr std::string_view kRadiusRight =
    R"(a distance above zero and at most 50km, as "500m" or "10km")";
constexpr std::string_view kAboutRight = R"("self", "another", "random" or a client's id)";
constexpr std::array<std::string_view, 3> kAbouts = {"self", "another", "random"};

void read_arrivals(ObjectReader& object, std::optional<UpdateSchedule>& times, Problems& problems) {
  static constexpr std::array kArrivals = {
      Choice<Arrivals>{"steady", Arrivals::kSteady},
      Choice<Arrivals>{"poisson", Arrivals::kPoisson},
  };
  const auto node = object.optional("arrivals");
  if (!node) return;
  const auto arrivals = read_choice(*node, problems, kArrivals);
  if (times && arrivals) times->arrivals = *arrivals;
}

// How many in a second; zero is a rate of a ramp's. False where there are problems.
bool read_ramp_rate(ObjectReader& object, std::string_view key, double& per_s, Problems& problems) {
  const auto node = object.required(key, kRampRateRight);
  const auto text = node ? read_text(*node, problems, kRampRateRight) : std::nullopt;
  if (!text) return false;
  per_s = parse_rate_per_s(*text).value_or(-1);
  if (per_s == 0) return true;
  const Duration period = parse_rate(*text).value_or(Duration(0));
  if (period > Duration(0) && period <= kMaxDuration) return true;
  problems.add(node->path, quoted(*text) + " is not a rate that can be used",
               std::string(kRampRateRight));
  return false;
}

// "from", "to", "over" and "arrivals".
std::optional<UpdateSchedule> read_ramp(ObjectReader& object, Duration duration,
                                        Problems& problems) {
  constexpr std::string_view kAlone = R"("from" and "to" alone)";
  for (const std::string_view key : {"every", "rate"}) {
    object.refuse(key, "is no part of a ramp", kAlone);
  }
  Ramp ramp;
  ramp.over = duration;
  const bool from_known = read_ramp_rate(object, "from", ramp.from_per_s, problems);
  const bool to_known = read_ramp_rate(object, "to", ramp.to_per_s, problems);
  if (const auto over = object.optional("over")) {
    ramp.over = read_duration(*over, problems, kPositiveDuration).value_or(ramp.over);
  }
  std::optional<UpdateSchedule> times;
  if (from_known && to_known) {
    times = UpdateSchedule{Duration(0), Arrivals::kSteady, ramp};
    if (ramp.from_per_s == 0 && ramp.to_per_s == 0) {
      problems.add(object.node().path, "is a ramp from nothing to nothing",
                   R"(a rate above zero for "from", "to" or both)");
    }
  }
  read_arrivals(object, times, problems);
  return times;
}

bool is_ramp(const ObjectReader& object) {
  return object.has("from") || object.has("to") || object.has("over");
}

std::optional<UpdateSchedule> read_times_or_ramp(ObjectReader& object, Duration duration,
                                                 Problems& problems, std::string_view right) {
  return is_ramp(object) ? read_ramp(object, duration, problems)
                         : read_times(object, problems, right);
}

// Kilometres, as WHATSAT says them.
std::optional<std::string> read_radius(const JsonNode& node, Problems& problems) {
  const auto text = read_text(node, problems, kRadiusRight);
  if (!text) return std::nullopt;
  auto radius_km = parse_distance_km(*text);
  if (radius_km && herd::scan_radius_km(*radius_km)) return radius_km;
  problems.add(node.path,
               fmt::format("{} {}", quoted(*text),
                           radius_km ? "is out of range" : "is not a distance that can be used"),
               std::string(kRadiusRight));
  return std::nullopt;
}

About read_about(const JsonNode& node, Problems& problems) {
  auto text = read_text(node, problems, kAboutRight);
  if (!text || *text == "self") return AboutSelf{};
  if (*text == "another") return AboutAnother{};
  if (*text == "random") return AboutRandom{};
  return std::move(*text);
}

}  // namespace

std::optional<Duration> read_rate(const JsonNode& node, Problems& problems) {
  const auto text = read_text(node, problems, kRateRight);
  if (!text) return std::nullopt;
  const auto period = parse_rate(*text);
  if (period && *period > Duration(0) && *period <= kMaxDuration) return period;
  problems.add(node.path, quoted(*text) + " is not a rate that can be used",
               std::string(kRateRight));
  return std::nullopt;
}

std::optional<UpdateSchedule> read_times(ObjectReader& object, Problems& problems,
                                         std::string_view right) {
  const auto every = object.optional("every");
  const auto rate = object.optional("rate");
  std::optional<Duration> period;
  if (every) period = read_duration(*every, problems, kPositiveDuration);
  if (rate) period = read_rate(*rate, problems);
  if (every.has_value() == rate.has_value()) {
    problems.add(object.node().path, every ? R"(has both "every" and "rate")" : "has no rate",
                 std::string(right));
  }
  std::optional<UpdateSchedule> times;
  if (period) times = UpdateSchedule{*period};
  read_arrivals(object, times, problems);
  return times;
}

std::optional<UpdateSchedule> read_updates(const JsonNode& node, Duration duration,
                                           Problems& problems) {
  if (json_is_string(node.json)) {
    const auto period = read_rate(node, problems);
    if (!period) return std::nullopt;
    return UpdateSchedule{*period};
  }
  ObjectReader object(node, problems, kUpdatesRight);
  if (!object.is_object()) return std::nullopt;
  const auto updates = read_times_or_ramp(object, duration, problems, kUpdatesRight);
  object.finish();
  return updates;
}

QuerySchedule read_queries(const JsonNode& node, Duration duration, Problems& problems) {
  QuerySchedule queries;
  if (json_is_string(node.json)) {
    queries.times.period = read_rate(node, problems).value_or(queries.times.period);
    return queries;
  }
  ObjectReader object(node, problems, kQueriesRight);
  if (!object.is_object()) return queries;
  queries.times =
      read_times_or_ramp(object, duration, problems, kQueriesRight).value_or(queries.times);
  if (const auto radius = object.optional("radius")) {
    queries.radius_km = read_radius(*radius, problems).value_or(queries.radius_km);
  }
  if (const auto bound = object.optional("bound")) {
    queries.bound =
        static_cast<int>(read_whole(*bound, problems, 1, kMaxQueryBound).value_or(queries.bound));
  }
  if (const auto about = object.optional("about")) queries.about = read_about(*about, problems);
  object.finish();
  return queries;
}

void check_about(const QuerySchedule& queries, const std::string& path, const Names& names,
                 Problems& problems) {
  const auto* const id = std::get_if<std::string>(&queries.about);
  if (id == nullptr || !names.clients_known || names.clients.contains(*id)) return;
  auto suggestion = suggest(*id, kAbouts);
  if (!suggestion) suggestion = suggest(*id, names.clients);
  problems.add(path + ".about", "there is no client " + quoted(*id),
               suggestion ? did_you_mean(*suggestion) : std::string(kAboutRight));
}

}  // namespace sim
