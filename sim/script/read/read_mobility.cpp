#include "sim/script/read/read_mobility.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "sim/base/text/read_file.h"
#include "sim/script/read/kinds.h"
#include "sim/script/read/units.h"
#include "sim/script/spec/geo_area.h"
#include "sim/script/spec/limits.h"
#include "sim/script/traces/parse_trace.h"
#include "sim/script/traces/trace_data.h"

namespace sim {
namespace {

constexpr std::string_view kAreaRight =
    R"(its south-west and its north-east corner, as ["+34.00-118.50", "+34.10-118.40"])";
constexpr std::string_view kPointsRight = "a list of at least one location";
constexpr std::string_view kTraceFileRight =
    "a CSV, GPX or SUMO FCD file, from the scenario file's folder";

constexpr QuantityKind speed(bool above_zero, std::string_view right) {
  return {parse_speed, 0, kMaxSpeedMps, above_zero, "speed", "m/s|km/h", right};
}
static_assert(kMaxSpeedMps == 100'000, "the texts below say so");
constexpr auto kSpeed =
    speed(true, R"(a speed above zero and at most 100000m/s, as "3m/s" or "50km/h")");
constexpr auto kOneOfSpeeds = speed(true, R"(a speed above zero and at most 100000m/s, )"
                                          R"(as "1.5m/s", or two, as ["1m/s", "2m/s"])");
constexpr auto kDeviation = speed(false, R"(a speed of at most 100000m/s, as "0m/s" or "1km/h")");
static_assert(kMaxFlightM == 10'000'000, "the text below says so");
constexpr QuantityKind kFlight{
    parse_distance_m,
    0,
    kMaxFlightM,
    true,
    "distance",
    "m|km",
    R"(a distance above zero and at most 10000km, as "50m", or two, as ["10m", "2km"])"};
static_assert(kMaxFlightExponent == 3 && kMaxHeadingDeviation == 10, "the texts below say so");
constexpr RealKind kExponent{0, kMaxFlightExponent, true, "a number above 0 and at most 3"};
constexpr RealKind kHeadingDeviation{0, kMaxHeadingDeviation, false, "radians, from 0 to 10"};
static_assert(kMaxDuration == std::chrono::hours(8760) && kMaxTraceTime == kMaxDuration,
              "the texts below say so, and a trace may be as long as a scenario");
constexpr DurationKind kPause{herd::Duration(0), kMaxDuration,
                              R"(a duration of at most 8760h, as "10s", or two, as ["0s", "30s"])"};
constexpr DurationKind kStep{std::chrono::milliseconds(1), kMaxDuration,
                             R"(a duration from 1ms to 8760h, as "100ms" or "1s")"};

enum class Model { kStill, kWaypoints, kRandomWaypoint, kGaussMarkov, kLevyWalk, kTrace };
constexpr Choice<Model> kModels[] = {
    {"still", Model::kStill},
    {"waypoints", Model::kWaypoints},
    {"random_waypoint", Model::kRandomWaypoint},
    {"gauss_markov", Model::kGaussMarkov},
    {"levy_walk", Model::kLevyWalk},
    {"trace", Model::kTrace},
};

constexpr Choice<TraceFrom> kFroms[] = {{"run", TraceFrom::kRun}, {"first", TraceFrom::kFirst}};

// The error if a model that needs keys is given by its name alone.
struct Missing {
  Model model;
  std::string_view wrong, right;
};
constexpr std::array kMissing = {
    Missing{Model::kWaypoints, R"("waypoints" has no points)",
            R"({"model": "waypoints", "points": [...], "speed": "50km/h"})"},
    Missing{Model::kRandomWaypoint, R"("random_waypoint" has no area)",
            R"({"model": "random_waypoint", "area": [...], "speed": ["1m/s", "2m/s"]})"},
    Missing{Model::kGaussMarkov, R"("gauss_markov" has no area)",
            R"({"model": "gauss_markov", "area": [...], "speed": "5km/h"})"},
    Missing{Model::kLevyWalk, R"("levy_walk" has no area)",
            R"({"model": "levy_walk", "area": [...], "speed": "5km/h", "flight": [...]})"},
    Missing{Model::kTrace, R"("trace" has no file)", R"({"model": "trace", "file": "walk.csv"})"},
};

// One value or a list of two, the lesser first.
template <class Kind>
struct RangeKind {
  using Value = Range<ValueOf<Kind>>;
  Kind kind;

  std::optional<Value> read(const JsonNode& node, Problems& problems) const {
    if (!json_is_array(node.json)) {
      const auto value = kind.read(node, problems);
      if (!value) return std::nullopt;
      return Value{*value, *value};
    }
    if (!read_list_of(2, node, problems, kind.right)) return std::nullopt;
    const auto min = kind.read(node.item(0), problems);
    const auto max = kind.read(node.item(1), problems);
    if (!min || !max) return std::nullopt;
    if (*max >= *min) return Value{*min, *max};
    problems.add(node.path, "goes from more to less", "the lesser first");
    return std::nullopt;
  }
  std::string allowed() const { return kind.allowed(); }
  Schema schema() const {
    return one_of({kind.schema(),
                   R"("type": "array", "minItems": 2, "maxItems": 2)" + kind.schema().as("items")});
  }
};

struct AreaKind {
  static std::optional<GeoArea> read(const JsonNode& node, Problems& problems) {
    if (!read_list_of(2, node, problems, kAreaRight)) return std::nullopt;
    const auto low = LocationKind{}.read(node.item(0), problems);
    const auto high = LocationKind{}.read(node.item(1), problems);
    if (!low || !high) return std::nullopt;
    const GeoArea area{low->lat, low->lon, high->lat, high->lon};
    if (area.north < area.south) {
      problems.add(node.path, "has its second corner south of its first", allowed());
      return std::nullopt;
    }
    if (height_m(area) < kMinAreaM || width_m(area) < kMinAreaM) {
      problems.add(node.path, "is too small", fmt::format("at least {}m high and wide", kMinAreaM));
      return std::nullopt;
    }
    return area;
  }
  static std::string allowed() { return std::string(kAreaRight); }
  static Schema schema() {
    return (R"("type": "array", "minItems": 2, "maxItems": 2)" +
            LocationKind{}.schema().as("items"))
        .defined_as("area");
  }
};

struct PointsKind {
  static std::optional<std::vector<GeoPoint>> read(const JsonNode& node, Problems& problems) {
    const auto size = read_list(node, problems, kPointsRight);
    if (size == 0) problems.add(node.path, "is empty", "at least one location");
    std::vector<GeoPoint> points;
    for (std::size_t i = 0; i < size.value_or(0); ++i) {
      if (const auto point = LocationKind{}.read(node.item(i), problems)) points.push_back(*point);
    }
    return points;
  }
  static std::string allowed() { return std::string(kPointsRight); }
  static Schema schema() {
    return R"("type": "array", "minItems": 1)" + LocationKind{}.schema().as("items");
  }
};

// The keys of a model, all of whose values go into a Walk.
template <class Walk>
const Fields<Walk>& fields_of();

template <>
const Fields<WaypointMobility>& fields_of() {
  using Walk = WaypointMobility;
  static const Fields<Walk> kFields = {
      {"points", PointsKind{}, &Walk::points, "Where clients go, one point after another.",
       required()},
      {"speed", kSpeed, &Walk::speed_mps, "The speed over ground.", required()},
      {"loop", FlagKind{}, &Walk::loop,
       "After the last point clients go back to the start and on; otherwise they stay."},
  };
  return kFields;
}

constexpr Says kAreaSays =
    "Where clients move, at least 1m high and wide. Its first corner lies east of its second if it "
    "crosses the antimeridian.";
constexpr Says kPauseSays =
    "The wait between two ways: one, or drawn between the first and the second.";

template <>
const Fields<RandomWaypointMobility>& fields_of() {
  using Walk = RandomWaypointMobility;
  static const Fields<Walk> kFields = {
      {"area", AreaKind{}, &Walk::area, kAreaSays, required()},
      {"speed", RangeKind<QuantityKind>{kOneOfSpeeds}, &Walk::speed_mps,
       "The speed of each way: one, or drawn between the first and the second.", required()},
      {"pause", RangeKind<DurationKind>{kPause}, &Walk::pause, kPauseSays, with_default(R"("0s")")},
  };
  return kFields;
}

template <>
const Fields<GaussMarkovMobility>& fields_of() {
  using Walk = GaussMarkovMobility;
  static const Fields<Walk> kFields = {
      {"area", AreaKind{}, &Walk::area, kAreaSays, required()},
      {"speed", kSpeed, &Walk::speed_mps, "The mean speed.", required()},
      {"speed_deviation", kDeviation, &Walk::speed_deviation_mps,
       "The standard deviation of the speed.", with_default(R"("0m/s")")},
      {"heading_deviation", kHeadingDeviation, &Walk::heading_deviation,
       "The standard deviation of the heading, in radians."},
      {"memory", kShare, &Walk::memory, "The share of the last step that the next one keeps."},
      {"step", kStep, &Walk::step, "How long speed and heading stay as they are."},
  };
  return kFields;
}

template <>
const Fields<LevyWalkMobility>& fields_of() {
  using Walk = LevyWalkMobility;
  static const Fields<Walk> kFields = {
      {"area", AreaKind{}, &Walk::area, kAreaSays, required()},
      {"speed", kSpeed, &Walk::speed_mps, "The speed over ground.", required()},
      {"flight", RangeKind<QuantityKind>{kFlight}, &Walk::flight_m,
       "The length of each flight: one, or drawn between the first and the second.", required()},
      {"flight_exponent", kExponent, &Walk::flight_exponent,
       "The density of lengths falls as length^-(1 + this)."},
      {"pause", RangeKind<DurationKind>{kPause}, &Walk::pause, kPauseSays, with_default(R"("0s")")},
      {"pause_exponent", kExponent, &Walk::pause_exponent,
       "The density of pauses falls as pause^-(1 + this)."},
  };
  return kFields;
}

template <class Walk>
Walk read_walk(ObjectReader& object) {
  Walk walk;
  read_fields(object, fields_of<Walk>(), walk);
  return walk;
}

void check_loop(const WaypointMobility& walk, const GeoPoint& start, ObjectReader& object) {
  const auto at_start = [&](const GeoPoint& point) { return point == start; };
  if (!walk.loop || walk.points.empty()) return;
  if (!std::all_of(walk.points.begin(), walk.points.end(), at_start)) return;
  object.problems().add(object.node().member_path("loop"), "goes round without leaving the start",
                        "a point elsewhere, or false");
}

void check_steps(const GaussMarkovMobility& walk, ObjectReader& object) {
  const double step_m = walk.speed_mps * std::chrono::duration<double>(walk.step).count();
  if (height_m(walk.area) == 0 || height_m(walk.area) >= 4 * step_m) return;
  object.problems().add(object.node().member_path("area"),
                        fmt::format("is too small for steps of {:.6g} m", step_m),
                        "at least four steps, of `speed` times `step`, from south to north");
}

void check_flights(const LevyWalkMobility& walk, ObjectReader& object) {
  if (walk.pause.min.count() == 0 && walk.pause.max.count() > 0) {
    object.problems().add(object.node().member_path("pause"),
                          "begins at zero, where its density has no end",
                          R"(a first one above zero, as ["1s", "5min"], or "0s" alone)");
  }
  if (height_m(walk.area) == 0 || height_m(walk.area) >= 2 * walk.flight_m.min) return;
  object.problems().add(object.node().member_path("area"),
                        fmt::format("is too small for flights of {:.6g} m", walk.flight_m.min),
                        "at least two of the shortest flights from south to north");
}

// Reports a start outside the area of a mobility.
void check_start(const GeoArea& area, const std::string& start_path, const ClientGroup& group,
                 Problems& problems) {
  if (!group.start_given || height_m(area) == 0 || contains(area, group.start)) return;
  problems.add(start_path, "is outside the area of its mobility",
               "a location in the area, or none: it is drawn then");
}

template <class Walk>
Schema model_schema(std::string_view name, std::string_view says) {
  return object_schema(properties_of(tag("model", name, says), fields_of<Walk>()));
}

}  // namespace

MobilityReader::MobilityReader(std::string folder, Duration duration, Problems& problems)
    : folder_(std::move(folder)), duration_(duration), problems_(problems) {}

void MobilityReader::read(const JsonNode& node, const std::string& start_path, ClientGroup& group) {
  if (json_is_string(node.json)) {
    const auto model = read_choice(node, problems_, kModels);
    for (const auto& [of, wrong, right] : kMissing) {
      if (model == of) problems_.add(node.path, std::string(wrong), std::string(right));
    }
    if (model == Model::kTrace) group.mobility = TraceMobility{};
    return;
  }
  ObjectReader object(node, problems_, R"("still", or an object with a "model")");
  if (object.is_object()) read_model(object, start_path, group);
}

void MobilityReader::read_model(ObjectReader& object, const std::string& start_path,
                                ClientGroup& group) {
  const auto model_node = object.required("model", listed(names_of(kModels)));
  const auto model = model_node ? read_choice(*model_node, problems_, kModels) : std::nullopt;
  if (!model) return;  // it is unknown whose keys these are
  switch (*model) {
    case Model::kStill:
      break;
    case Model::kWaypoints: {
      const auto walk = read_walk<WaypointMobility>(object);
      check_loop(walk, group.start, object);
      group.mobility = walk;
      break;
    }
    case Model::kRandomWaypoint: {
      const auto walk = read_walk<RandomWaypointMobility>(object);
      check_start(walk.area, start_path, group, problems_);
      group.mobility = walk;
      break;
    }
    case Model::kGaussMarkov: {
      const auto walk = read_walk<GaussMarkovMobility>(object);
      check_start(walk.area, start_path, group, problems_);
      check_steps(walk, object);
      group.mobility = walk;
      break;
    }
    case Model::kLevyWalk: {
      const auto walk = read_walk<LevyWalkMobility>(object);
      check_start(walk.area, start_path, group, problems_);
      check_flights(walk, object);
      group.mobility = walk;
      break;
    }
    case Model::kTrace: {
      TraceMobility trace;
      file_.reset();
      from_.reset();
      read_fields(object, trace_fields(), trace, *this);
      if (file_) {
        trace.file = path_of(file_->second);
        trace.data = load_trace(file_->first, trace.file, file_->second);
      }
      group.mobility = trace;
      if (group.start_given) {
        problems_.add(start_path, "does not go with a trace",
                      "leave it out: the file says where its clients are");
      }
      break;
    }
  }
  object.finish();
}

const Fields<TraceMobility, MobilityReader>& MobilityReader::trace_fields() {
  static const Fields<TraceMobility, MobilityReader> kFields = {
      {"file", TextKind{kTraceFileRight, R"("type": "string", "minLength": 1)"},
       &MobilityReader::take_file,
       "A CSV, GPX or SUMO FCD file of where clients are. Its path is relative to the scenario's "
       "folder.",
       required()},
      {"from", choice_of(kFroms), &MobilityReader::take_from,
       "From when the file's times count: the run's start, or the file's earliest time, which is "
       "then the run's start. Default: run; for GPX always first."},
  };
  return kFields;
}

void MobilityReader::take_file(const JsonNode& node, const std::string& file, TraceMobility&) {
  file_ = {node, file};
}

std::string MobilityReader::path_of(const std::string& name) const {
  return name.starts_with('/') ? name : folder_ + name;
}

std::shared_ptr<const TraceData> MobilityReader::load_trace(const JsonNode& node,
                                                            const std::string& file,
                                                            const std::string& name) {
  const auto [known, is_new] = traces_.emplace(std::pair(file, from_), nullptr);
  if (is_new) known->second = parse(node, file, name);
  return known->second;
}

std::shared_ptr<const TraceData> MobilityReader::parse(const JsonNode& node,
                                                       const std::string& file,
                                                       const std::string& name) {
  const auto content = read_regular_file(file, kMaxDataBytes);
  if (!content) {
    problems_.add(node.path, quoted(name) + ' ' + content.error().what,
                  std::string(kTraceFileRight));
    return nullptr;
  }
  auto data = parse_trace(*content, from_);
  if (data) {
    warn_if_late(node, *data);
    return std::make_shared<const TraceData>(std::move(*data));
  }
  for (const TraceProblem& problem : data.error()) {
    problems_.add_in_file(node.path, {without_controls(file), problem.line, problem.what},
                          problem.wrong, problem.right);
  }
  return nullptr;
}

void MobilityReader::warn_if_late(const JsonNode& node, const TraceData& trace) {
  Duration begins = Duration::max();
  for (const TraceClient& client : trace.clients) {
    begins = std::min(begins, client.samples.front().at);
  }
  if (duration_ <= Duration(0) || begins < duration_) return;
  problems_.warn(node.path,
                 fmt::format("begins at {} s, and the run ends at {} s: its clients stand still",
                             std::chrono::duration<double>(begins).count(),
                             std::chrono::duration<double>(duration_).count()),
                 R"("from": "first" beside it begins at the file's first time)");
}

Schema MobilityReader::schema() {
  return one_of(
      {R"("const": "still")",
       object_schema({tag("model", "still", "Clients stay at their start.")}),
       model_schema<WaypointMobility>("waypoints", "Clients go from point to point."),
       model_schema<RandomWaypointMobility>(
           "random_waypoint", "Clients go to points that are drawn in an area, with pauses."),
       model_schema<GaussMarkovMobility>(
           "gauss_markov", "Clients' speed and heading drift around a mean from step to step."),
       model_schema<LevyWalkMobility>(
           "levy_walk", "Clients take many short ways and a few long ones, with pauses."),
       object_schema(
           properties_of(tag("model", "trace", "Clients go where a file says."), trace_fields()))});
}

}  // namespace sim
