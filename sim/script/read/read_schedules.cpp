#include "sim/script/read/read_schedules.h"

#include <array>
#include <utility>

#include "core/fields.h"
#include "sim/script/read/kinds.h"
#include "sim/script/read/units.h"
#include "sim/script/spec/limits.h"

namespace sim {
namespace {

constexpr std::string_view kUpdatesRight =
    R"(a rate, as "10/s", {"every": "100ms"}, {"rate": "10/s", "arrivals": "poisson"} or )"
    R"({"from": "10/s", "to": "5000/s"})";
constexpr std::string_view kQueriesRight =
    R"(a rate, as "1/s", {"every": "1s"} or {"rate": "1/s", "about": "another"})";
constexpr std::string_view kAboutRight = R"("self", "another", "random" or a client's id)";
constexpr std::array<std::string_view, 3> kAbouts = {"self", "another", "random"};
constexpr Choice<Arrivals> kArrivals[] = {
    {"steady", Arrivals::kSteady},
    {"poisson", Arrivals::kPoisson},
};

// A rate per second where a ramp begins or ends; zero is one too.
struct RampRateKind {
  static std::optional<double> read(const JsonNode& node, Problems& problems) {
    const auto text = read_text(node, problems, allowed());
    if (!text) return std::nullopt;
    const auto per_s = parse_rate_per_s(*text);
    const Duration period = parse_rate(*text).value_or(Duration(0));
    if (per_s == 0 || (period > Duration(0) && period <= kMaxDuration)) return per_s;
    report_quantity(node, problems, false, "rate", allowed());
    return std::nullopt;
  }
  static std::string allowed() { return R"("0/s", or )" + RateKind{}.allowed(); }
  static Schema schema() {
    return Schema(R"("type": "string", "pattern": "^[0-9]+(\\.[0-9]{1,9})?/(s|min|h)$")")
        .defined_as("ramp_rate");
  }
};

struct RampTimes {
  std::optional<double> from, to;
  std::optional<Duration> over;
  Arrivals arrivals = Arrivals::kSteady;
};
const Fields<RampTimes>& ramp_fields() {
  static const Fields<RampTimes> kFields = {
      {"from", RampRateKind{}, &RampTimes::from, "The rate at time zero.", required()},
      {"to", RampRateKind{}, &RampTimes::to, "The rate at the ramp's end, and from then on.",
       required()},
      {"over", kPositiveDuration, &RampTimes::over,
       "How long the rate changes. Default: the scenario's `duration`."},
      {"arrivals", choice_of(kArrivals), &RampTimes::arrivals,
       "Whether the times follow the rate exactly or are random with that rate."},
  };
  return kFields;
}

// Kilometres, as WHATSAT has them.
struct RadiusKind {
  static std::optional<std::string> read(const JsonNode& node, Problems& problems) {
    const auto text = read_text(node, problems, allowed());
    if (!text) return std::nullopt;
    auto radius_km = parse_distance_km(*text);
    if (radius_km && herd::scan_radius_km(*radius_km)) return radius_km;
    report_quantity(node, problems, radius_km.has_value(), "distance", allowed());
    return std::nullopt;
  }
  static std::string allowed() {
    return R"(a distance above zero and at most 50km, as "500m" or "10km")";
  }
  static Schema schema() {
    return R"("type": "string", "pattern": "^(?=[0-9.]*[1-9])[0-9]+(\\.[0-9]{1,9})?(m|km)$")";
  }
  static std::string shown(const std::string& km) { return to_json(km + "km"); }
};

struct AboutKind {
  static std::optional<About> read(const JsonNode& node, Problems& problems) {
    auto text = read_text(node, problems, kAboutRight);
    if (!text) return std::nullopt;
    if (*text == "self") return AboutSelf{};
    if (*text == "another") return AboutAnother{};
    if (*text == "random") return AboutRandom{};
    return std::move(*text);
  }
  static std::string allowed() { return std::string(kAboutRight); }
  static Schema schema() { return client_id_schema(); }
};

const Fields<QuerySchedule>& query_fields() {
  static const Fields<QuerySchedule> kFields = {
      {"radius", RadiusKind{}, &QuerySchedule::radius_km, "How near the places are."},
      {"bound", WholeKind{1, kMaxQueryBound}, &QuerySchedule::bound, "At most this many places."},
      {"about", AboutKind{}, &QuerySchedule::about,
       "Near whom: self, the client that asks; another client, drawn for each query; random, any "
       "client; or a client's id.",
       with_default(R"("self")")},
  };
  return kFields;
}

// Reads "from", "to", "over" and "arrivals".
std::optional<UpdateSchedule> read_ramp(ObjectReader& object, Duration duration) {
  for (const std::string_view key : {"every", "rate"}) {
    object.refuse(key, "is no part of a ramp", R"("from" and "to" alone)");
  }
  RampTimes times;
  times.over = duration;
  read_fields(object, ramp_fields(), times);
  if (!times.from || !times.to) return std::nullopt;
  if (*times.from == 0 && *times.to == 0) {
    object.problems().add(object.node().path, "is a ramp from nothing to nothing",
                          R"(a rate above zero for "from", "to" or both)");
  }
  return UpdateSchedule{Duration(0), times.arrivals, Ramp{*times.from, *times.to, *times.over}};
}

std::optional<UpdateSchedule> read_times_or_ramp(ObjectReader& object, Duration duration,
                                                 std::string_view right) {
  if (object.has_any_of({"from", "to", "over"})) return read_ramp(object, duration);
  Times times;
  read_fields(object, times_fields(), times);
  return to_schedule(times, object, right);
}

// A rate, or an object that also has the keys `more`.
Schema schedule_schema(const Properties& more) {
  return one_of({RateKind{}.schema(),
                 object_schema(properties_of(times_fields(), more), has_one_of({"every", "rate"})),
                 object_schema(properties_of(ramp_fields(), more), R"("not": {"properties": {
                     "from": {"pattern": "^[0.]+/"}, "to": {"pattern": "^[0.]+/"}}})")});
}

}  // namespace

const Fields<Times>& times_fields() {
  static const Fields<Times> kFields = {
      {"every", kPositiveDuration, &Times::every, "The time between two, for each client."},
      {"rate", RateKind{}, &Times::rate, "How often, for each client."},
      {"arrivals", choice_of(kArrivals), &Times::arrivals,
       "Whether the times between two are equal or random with that mean."},
  };
  return kFields;
}

std::optional<UpdateSchedule> to_schedule(const Times& times, ObjectReader& object,
                                          std::string_view right) {
  const bool has_every = object.has("every");
  if (has_every == object.has("rate")) {
    object.problems().add(object.node().path,
                          has_every ? R"(has both "every" and "rate")" : "has no rate",
                          std::string(right));
  }
  const auto period = times.rate ? times.rate : times.every;
  if (!period) return std::nullopt;
  return UpdateSchedule{*period, times.arrivals};
}

std::optional<UpdateSchedule> read_updates(const JsonNode& node, Duration duration,
                                           Problems& problems) {
  if (json_is_string(node.json)) {
    const auto period = RateKind{}.read(node, problems);
    if (!period) return std::nullopt;
    return UpdateSchedule{*period};
  }
  ObjectReader object(node, problems, kUpdatesRight);
  if (!object.is_object()) return std::nullopt;
  const auto updates = read_times_or_ramp(object, duration, kUpdatesRight);
  object.finish();
  return updates;
}

Schema updates_schema() { return schedule_schema({}); }

QuerySchedule read_queries(const JsonNode& node, Duration duration, Problems& problems) {
  QuerySchedule queries;
  if (json_is_string(node.json)) {
    queries.times.period = RateKind{}.read(node, problems).value_or(queries.times.period);
    return queries;
  }
  ObjectReader object(node, problems, kQueriesRight);
  if (!object.is_object()) return queries;
  queries.times = read_times_or_ramp(object, duration, kQueriesRight).value_or(queries.times);
  read_fields(object, query_fields(), queries);
  object.finish();
  return queries;
}

Schema queries_schema() { return schedule_schema(properties_of(query_fields())); }

void check_about(const QuerySchedule& queries, const std::string& path, const Names& names,
                 Problems& problems) {
  const auto* const id = std::get_if<std::string>(&queries.about);
  if (id == nullptr || !names.clients_known || names.clients.contains(*id)) return;
  auto suggestion = suggest(*id, kAbouts);
  if (!suggestion && !problems.are_enough()) suggestion = suggest(*id, names.clients);
  problems.add(path + ".about", "there is no client " + quoted(*id),
               suggestion ? did_you_mean(*suggestion) : std::string(kAboutRight));
}

}  // namespace sim
