#include "sim/script/read/read_mobility.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>

#include "sim/base/text/read_file.h"
#include "sim/script/read/units.h"
#include "sim/script/spec/geo_area.h"
#include "sim/script/spec/limits.h"
#include "sim/script/traces/parse_trace.h"
#include "sim/script/traces/trace_data.h"

namespace sim {
namespace {

constexpr std::string_view kSpeedRight =
    R"(a speed above zero and at most 100000m/s, as "3m/s" or "50km/h")";
constexpr std::string_view kSpeedsRight =
    R"(a speed above zero and at most 100000m/s, as "1.5m/s", or two, as ["1m/s", "2m/s"])";
constexpr std::string_view kDeviationRight =
    R"(a speed of at most 100000m/s, as "0m/s" or "1km/h")";
static_assert(kMaxSpeedMps == 100'000, "the texts above say so");
constexpr std::string_view kFlightRight =
    R"(a distance above zero and at most 10000km, as "50m", or two, as ["10m", "2km"])";
static_assert(kMaxFlightM == 10'000'000, "the text above says so");
constexpr std::string_view kAreaRight =
    R"(its south-west and its north-east corner, as ["+34.00-118.50", "+34.10-118.40"])";
constexpr std::string_view kPointsRight = "a list of at least one location";
constexpr std::string_view kFileRight =
    "a CSV, GPX or SUMO FCD file, from the scenario file's folder";
constexpr DurationKind kPause{herd::Duration(0), kMaxDuration,
                              R"(a duration of at most 8760h, as "10s", or two, as ["0s", "30s"])"};
constexpr DurationKind kStep{std::chrono::milliseconds(1), kMaxDuration,
                             R"(a duration from 1ms to 8760h, as "100ms" or "1s")"};
static_assert(kMaxDuration == std::chrono::hours(8760) && kMaxTraceTime == kMaxDuration,
              "the texts above say so, and a trace may be as long as a scenario");

enum class Model { kStill, kWaypoints, kRandomWaypoint, kGaussMarkov, kLevyWalk, kTrace };
constexpr std::array kModels = {
    Choice<Model>{"still", Model::kStill},
    Choice<Model>{"waypoints", Model::kWaypoints},
    Choice<Model>{"random_waypoint", Model::kRandomWaypoint},
    Choice<Model>{"gauss_markov", Model::kGaussMarkov},
    Choice<Model>{"levy_walk", Model::kLevyWalk},
    Choice<Model>{"trace", Model::kTrace},
};

// What a model's name alone leaves open.
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

std::optional<double> read_speed(const JsonNode& node, Problems& problems, std::string_view right,
                                 bool zero_too = false) {
  const auto text = read_text(node, problems, right);
  if (!text) return std::nullopt;
  const auto speed = parse_speed(*text);
  if (speed && (*speed > 0 || zero_too) && *speed <= kMaxSpeedMps) return speed;
  problems.add(node.path, quoted(*text) + " is not a speed that can be used", std::string(right));
  return std::nullopt;
}

std::optional<double> read_flight(const JsonNode& node, Problems& problems) {
  const auto text = read_text(node, problems, kFlightRight);
  if (!text) return std::nullopt;
  const auto metres = parse_distance_m(*text);
  if (metres && *metres > 0 && *metres <= kMaxFlightM) return metres;
  problems.add(node.path, quoted(*text) + " is not a distance that can be used",
               std::string(kFlightRight));
  return std::nullopt;
}

// One value or a list of two, the lesser first, each as `read_one` reads it.
template <class ReadOne>
auto read_range(const JsonNode& node, Problems& problems, std::string_view right, ReadOne read_one)
    -> std::optional<Range<typename decltype(read_one(node))::value_type>> {
  if (!json_is_array(node.json)) {
    const auto value = read_one(node);
    if (!value) return std::nullopt;
    return Range<typename decltype(read_one(node))::value_type>{*value, *value};
  }
  const std::size_t size = json_array_size(node.json);
  if (size != 2) {
    problems.add(node.path, fmt::format("is a list of {}", size), std::string(right));
    return std::nullopt;
  }
  const auto min = read_one(node.item(0)), max = read_one(node.item(1));
  if (!min || !max) return std::nullopt;
  if (*max < *min) {
    problems.add(node.path, "goes from more to less", "the lesser first");
    return std::nullopt;
  }
  return Range<typename decltype(read_one(node))::value_type>{*min, *max};
}

struct NumberKind {
  double min, max;
  bool min_too;
  std::string_view right;
};
constexpr NumberKind kExponent{0, kMaxFlightExponent, false, "a number above 0 and at most 3"};
constexpr NumberKind kMemory{0, 1, true, "a number from 0 to 1"};
constexpr NumberKind kHeadingDeviation{0, kMaxHeadingDeviation, true, "radians, from 0 to 10"};
static_assert(kMaxFlightExponent == 3 && kMaxHeadingDeviation == 10, "the texts above say so");

void read_number_into(ObjectReader& object, std::string_view key, const NumberKind& kind,
                      Problems& problems, double& out) {
  const auto node = object.optional(key);
  const auto number = node ? read_number(*node, problems) : std::nullopt;
  if (!number) return;
  if (*number <= kind.max && (*number > kind.min || (kind.min_too && *number == kind.min))) {
    out = *number;
  } else {
    problems.add(node->path, fmt::format("{} is out of range", *number), std::string(kind.right));
  }
}

std::optional<GeoArea> read_area(const JsonNode& node, Problems& problems) {
  const auto size = read_list(node, problems, kAreaRight);
  if (!size) return std::nullopt;
  if (*size != 2) {
    problems.add(node.path, fmt::format("is a list of {}", *size), std::string(kAreaRight));
    return std::nullopt;
  }
  const auto low = read_location(node.item(0), problems);
  const auto high = read_location(node.item(1), problems);
  if (!low || !high) return std::nullopt;
  const GeoArea area{low->lat, low->lon, high->lat, high->lon};
  if (area.north < area.south) {
    problems.add(node.path, "has its second corner south of its first", std::string(kAreaRight));
    return std::nullopt;
  }
  if (height_m(area) < kMinAreaM || width_m(area) < kMinAreaM) {
    problems.add(node.path, "is too small", fmt::format("at least {}m high and wide", kMinAreaM));
    return std::nullopt;
  }
  return area;
}

// What the models with an area have in common: the area, and that a start is inside it.
GeoArea read_area_of(ObjectReader& object, const std::string& start_path, const ClientGroup& group,
                     Problems& problems) {
  const auto node = object.required("area", kAreaRight);
  const auto area = node ? read_area(*node, problems) : std::nullopt;
  if (!area) return {};
  if (group.start_given && !contains(*area, group.start)) {
    problems.add(start_path, "is outside the area of its mobility",
                 "a location in the area, or none: it is drawn then");
  }
  return *area;
}

double read_speed_of(ObjectReader& object, Problems& problems) {
  const auto node = object.required("speed", kSpeedRight);
  return (node ? read_speed(*node, problems, kSpeedRight) : std::nullopt).value_or(0);
}

std::optional<Range<Duration>> read_pause_of(ObjectReader& object, Problems& problems) {
  const auto node = object.optional("pause");
  if (!node) return std::nullopt;
  return read_range(*node, problems, kPause.right,
                    [&](const JsonNode& each) { return read_duration(each, problems, kPause); });
}

WaypointMobility read_waypoints(ObjectReader& object, const GeoPoint& start, Problems& problems) {
  WaypointMobility walk;
  if (const auto points = object.required("points", kPointsRight)) {
    const auto size = read_list(*points, problems, kPointsRight);
    if (size == 0) problems.add(points->path, "is empty", "at least one location");
    for (std::size_t i = 0; i < size.value_or(0); ++i) {
      if (const auto point = read_location(points->item(i), problems)) {
        walk.points.push_back(*point);
      }
    }
  }
  walk.speed_mps = read_speed_of(object, problems);
  if (const auto loop = object.optional("loop")) {
    walk.loop = read_flag(*loop, problems).value_or(walk.loop);
    const auto at_start = [&](const GeoPoint& point) { return point == start; };
    if (walk.loop && std::all_of(walk.points.begin(), walk.points.end(), at_start) &&
        !walk.points.empty()) {
      problems.add(loop->path, "goes round without leaving the start",
                   "a point elsewhere, or false");
    }
  }
  return walk;
}

RandomWaypointMobility read_random_waypoint(ObjectReader& object, const GeoArea& area,
                                            Problems& problems) {
  RandomWaypointMobility walk;
  walk.area = area;
  if (const auto node = object.required("speed", kSpeedsRight)) {
    walk.speed_mps = read_range(*node, problems, kSpeedsRight, [&](const JsonNode& each) {
                       return read_speed(each, problems, kSpeedsRight);
                     }).value_or(walk.speed_mps);
  }
  walk.pause = read_pause_of(object, problems).value_or(walk.pause);
  return walk;
}

GaussMarkovMobility read_gauss_markov(ObjectReader& object, const GeoArea& area,
                                      Problems& problems) {
  GaussMarkovMobility walk;
  walk.area = area;
  walk.speed_mps = read_speed_of(object, problems);
  if (const auto node = object.optional("speed_deviation")) {
    walk.speed_deviation_mps = read_speed(*node, problems, kDeviationRight, true).value_or(0);
  }
  read_number_into(object, "heading_deviation", kHeadingDeviation, problems,
                   walk.heading_deviation);
  read_number_into(object, "memory", kMemory, problems, walk.memory);
  if (const auto node = object.optional("step")) {
    walk.step = read_duration(*node, problems, kStep).value_or(walk.step);
  }
  const double step_m = walk.speed_mps * std::chrono::duration<double>(walk.step).count();
  if (height_m(area) > 0 && height_m(area) < 4 * step_m) {
    problems.add(object.node().member_path("area"),
                 fmt::format("is too small for steps of {:.6g} m", step_m),
                 "at least four steps, of `speed` times `step`, from south to north");
  }
  return walk;
}

LevyWalkMobility read_levy_walk(ObjectReader& object, const GeoArea& area, Problems& problems) {
  LevyWalkMobility walk;
  walk.area = area;
  walk.speed_mps = read_speed_of(object, problems);
  if (const auto node = object.required("flight", kFlightRight)) {
    const auto flight = read_range(*node, problems, kFlightRight, [&](const JsonNode& each) {
      return read_flight(each, problems);
    });
    walk.flight_m = flight.value_or(walk.flight_m);
  }
  read_number_into(object, "flight_exponent", kExponent, problems, walk.flight_exponent);
  if (const auto pause = read_pause_of(object, problems)) {
    walk.pause = *pause;
    if (pause->min.count() == 0 && pause->max.count() > 0) {
      problems.add(object.node().member_path("pause"),
                   "begins at zero, where its density has no end",
                   R"(a first one above zero, as ["1s", "5min"], or "0s" alone)");
    }
  }
  read_number_into(object, "pause_exponent", kExponent, problems, walk.pause_exponent);
  if (height_m(area) > 0 && height_m(area) < 2 * walk.flight_m.min) {
    problems.add(object.node().member_path("area"),
                 fmt::format("is too small for flights of {:.6g} m", walk.flight_m.min),
                 "at least two of the shortest flights from south to north");
  }
  return walk;
}

}  // namespace

MobilityReader::MobilityReader(std::string folder, Problems& problems)
    : folder_(std::move(folder)), problems_(problems) {}

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
  if (!model) return;  // whose keys these are nobody knows
  const auto area = [&] { return read_area_of(object, start_path, group, problems_); };
  switch (*model) {
    case Model::kStill:
      break;
    case Model::kWaypoints:
      group.mobility = read_waypoints(object, group.start, problems_);
      break;
    case Model::kRandomWaypoint:
      group.mobility = read_random_waypoint(object, area(), problems_);
      break;
    case Model::kGaussMarkov:
      group.mobility = read_gauss_markov(object, area(), problems_);
      break;
    case Model::kLevyWalk:
      group.mobility = read_levy_walk(object, area(), problems_);
      break;
    case Model::kTrace:
      group.mobility = read_trace(object);
      if (group.start_given) {
        problems_.add(start_path, "does not go with a trace",
                      "leave it out: the file says where its clients are");
      }
      break;
  }
  object.finish();
}

TraceMobility MobilityReader::read_trace(ObjectReader& object) {
  const auto node = object.required("file", kFileRight);
  const auto text = node ? read_text(*node, problems_, kFileRight) : std::nullopt;
  if (!text) return {};
  return {load(*node, text->starts_with('/') ? *text : folder_ + *text)};
}

std::shared_ptr<const TraceData> MobilityReader::load(const JsonNode& node,
                                                      const std::string& file) {
  const auto [known, is_new] = traces_.emplace(file, nullptr);
  if (!is_new) return known->second;
  const auto text = read_file(file);
  if (!text) {
    problems_.add(node.path,
                  fmt::format("{} cannot be read: {}", quoted(string_of(node.json)),
                              std::generic_category().message(errno)),
                  std::string(kFileRight));
    return nullptr;
  }
  auto data = parse_trace(*text);
  if (data) {
    known->second = std::make_shared<const TraceData>(std::move(*data));
  } else {
    for (const TraceProblem& problem : data.error()) {
      problems_.add_in_file(node.path, {without_controls(file), problem.line, problem.what},
                            problem.wrong, problem.right);
    }
  }
  return known->second;
}

}  // namespace sim
