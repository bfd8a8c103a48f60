#include "sim/script/traces/fcd_trace.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include "sim/base/text/numbers.h"
#include "sim/base/text/quoted.h"

namespace sim {
namespace {

constexpr std::string_view kGeoRight = "degrees: SUMO writes them with --fcd-output.geo";
// A degree is 111 km. Rounded positions, and vehicles that SUMO teleports, are much less wrong.
constexpr double kMetresForDegrees = 1000;
constexpr double kSlackMps = 1;  // of something that stands

// Returns the value of an option in a configuration that SUMO writes: `<NAME value="VALUE"/>`.
std::optional<std::string_view> option_value(std::string_view configuration,
                                             std::string_view name) {
  const std::string begin = fmt::format("<{} value=\"", name);
  const std::size_t found = configuration.find(begin);
  if (found == std::string_view::npos) return std::nullopt;
  configuration.remove_prefix(found + begin.size());
  return configuration.substr(0, configuration.find('"'));
}

bool is_on(std::string_view value) {
  constexpr std::string_view kOn[] = {"true", "1", "yes", "on", "x", "t"};
  return std::find(std::begin(kOn), std::end(kOn), value) != std::end(kOn);
}

std::optional<double> parse_speed_mps(std::optional<std::string_view> text) {
  const auto value = text ? read_real(*text) : std::nullopt;
  return value && *value >= 0 ? value : std::nullopt;
}

}  // namespace

void FcdTraceReader::add_comment(std::string_view text, std::size_t line) {
  if (!option_value(text, "fcd-output")) return;
  in_degrees_ = is_on(option_value(text, "fcd-output.geo").value_or("false"));
  header_line_ = line;
}

void FcdTraceReader::begin_element(const XmlElement& element) {
  if (element.name == "timestep") {
    in_timestep_ = true;
    time_ = builder_.read_seconds(element.attribute("time"), element.line);
  } else if (in_timestep_ && (element.name == "vehicle" || element.name == "person" ||
                              element.name == "container")) {
    read_mover(element);
  }
}

void FcdTraceReader::end_element(std::string_view name) {
  if (name == "timestep") in_timestep_ = false;
}

void FcdTraceReader::read_mover(const XmlElement& element) {
  const auto id = element.attribute("id");
  if (!id || id->empty()) builder_.report(element.line, "id", "is missing", "a client's id");
  const auto lon = builder_.read_degrees(
      element.attribute("x"), "x", 180,
      "a longitude from -180 to 180: SUMO writes them with --fcd-output.geo", element.line);
  const auto lat = builder_.read_degrees(
      element.attribute("y"), "y", 90,
      "a latitude from -90 to 90: SUMO writes them with --fcd-output.geo", element.line);
  if (!id || id->empty() || !lon || !lat || !time_) return;
  // A vehicle and a person may have the same id.
  const std::string key = std::string(element.name).append(1, ' ').append(*id);
  const RawSample sample{*time_, {*lat, *lon}, element.line};
  builder_.add(builder_.client(key, *id), sample);
  if (in_degrees_ != true) compare_speed(key, element.attribute("speed"), sample);
}

void FcdTraceReader::compare_speed(const std::string& key, std::optional<std::string_view> speed,
                                   const RawSample& sample) {
  const auto speed_mps = parse_speed_mps(speed);
  if (!speed_mps) return;
  const auto [known, is_new] = driven_.emplace(key, Driven{sample, *speed_mps});
  const Driven before = std::exchange(known->second, {sample, *speed_mps});
  const double took_s =
      std::chrono::duration<double>(herd::Duration(sample.time - before.sample.time)).count();
  if (is_new || took_s <= 0) return;
  const double moved_m = herd::distance_m(before.sample.point, sample.point);
  const double driven_m = (std::max(before.speed_mps, *speed_mps) + kSlackMps) * took_s;
  moved_m_ += moved_m;
  driven_m_ += driven_m;
  if (faster_ || moved_m <= kMetresForDegrees * driven_m) return;
  faster_ = TraceProblem{
      sample.line, "x, y",
      fmt::format(
          "would move {} by {:.6g} km in {:.6g} s, but its speed is {} m/s: they are metres",
          sim::quoted(key), moved_m / 1000, took_s, *speed),
      std::string(kGeoRight)};
}

void FcdTraceReader::finish() {
  const bool speeds_say_metres = moved_m_ > kMetresForDegrees * driven_m_;
  const bool speeds_say_degrees = moved_m_ > 0 && !speeds_say_metres;
  // A network may have been built in degrees, so that SUMO need not convert anything.
  if (in_degrees_ == false && !speeds_say_degrees) {
    builder_.report_file(header_line_, "x, y",
                         "are metres: the file was written without fcd-output.geo", kGeoRight);
  }
  if (faster_ && speeds_say_metres) {
    builder_.report_file(faster_->line, faster_->what, faster_->wrong, faster_->right);
  }
}

}  // namespace sim
