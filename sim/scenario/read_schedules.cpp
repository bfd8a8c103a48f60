#include "sim/scenario/read_schedules.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "core/fields.h"
#include "sim/scenario/json_reader.h"
#include "sim/scenario/limits.h"
#include "sim/scenario/units.h"

namespace sim {
namespace {

constexpr std::string_view kRateRight =
    R"(a rate from one in 8760h to one in 1ns, as "10/s", "600/min" or "1/h")";
static_assert(kMaxDuration == std::chrono::hours(8760), "the text above says so");
constexpr std::string_view kUpdatesRight =
    R"(a rate, as "10/s", {"every": "100ms"} or {"rate": "10/s", "arrivals": "poisson"})";
constexpr std::string_view kQueriesRight =
    R"(a rate, as "1/s", {"every": "1s"} or {"rate": "1/s", "about": "another"})";
constexpr std::string_view kRadiusRight =
    R"(a distance above zero and at most 50km, as "500m" or "10km")";
constexpr std::string_view kAboutRight = R"("self", "another", "random" or a client's id)";
constexpr std::array<std::string_view, 3> kAbouts = {"self", "another", "random"};

std::optional<UpdateSchedule> read_rate(const JsonNode& node, Problems& problems) {
  const auto text = read_text(node, problems, kRateRight);
  if (!text) return std::nullopt;
  const auto period = parse_rate(*text);
  if (period && *period > Duration(0) && *period <= kMaxDuration) return UpdateSchedule{*period};
  problems.add(node.path, quoted(*text) + " is not a rate that can be used",
               std::string(kRateRight));
  return std::nullopt;
}

// "every" or "rate", and "arrivals". `right` is what the whole object should be.
std::optional<UpdateSchedule> read_times(ObjectReader& object, Problems& problems,
                                         std::string_view right) {
  static constexpr std::array kArrivals = {
      Choice<Arrivals>{"steady", Arrivals::kSteady},
      Choice<Arrivals>{"poisson", Arrivals::kPoisson},
  };
  const auto every = object.optional("every");
  const auto rate = object.optional("rate");
  std::optional<UpdateSchedule> times;
  if (every) {
    if (const auto period = read_duration(*every, problems, kPositiveDuration)) {
      times = UpdateSchedule{*period};
    }
  }
  if (rate) times = read_rate(*rate, problems);
  if (every.has_value() == rate.has_value()) {
    problems.add(object.node().path, every ? R"(has both "every" and "rate")" : "has no rate",
                 std::string(right));
  }
  if (const auto arrivals = object.optional("arrivals")) {
    const auto value = read_choice(*arrivals, problems, kArrivals);
    if (times && value) times->arrivals = *value;
  }
  return times;
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

std::optional<UpdateSchedule> read_updates(const JsonNode& node, Problems& problems) {
  if (json_is_string(node.json)) return read_rate(node, problems);
  ObjectReader object(node, problems, kUpdatesRight);
  if (!object.is_object()) return std::nullopt;
  const auto updates = read_times(object, problems, kUpdatesRight);
  object.finish();
  return updates;
}

QuerySchedule read_queries(const JsonNode& node, Problems& problems) {
  QuerySchedule queries;
  if (json_is_string(node.json)) {
    queries.times = read_rate(node, problems).value_or(queries.times);
    return queries;
  }
  ObjectReader object(node, problems, kQueriesRight);
  if (!object.is_object()) return queries;
  queries.times = read_times(object, problems, kQueriesRight).value_or(queries.times);
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
