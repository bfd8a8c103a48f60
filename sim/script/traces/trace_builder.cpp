#include "sim/script/traces/trace_builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

#include "core/fields.h"
#include "sim/base/text/quoted.h"

namespace sim {
namespace {

constexpr std::size_t kMostProblems = 20;
constexpr std::string_view kSecondsRight = "seconds since the run's start, from 0 to 31536000";
static_assert(kMaxTraceTime == std::chrono::seconds(31'536'000), "the text above says so");

double seconds(herd::Duration time) { return std::chrono::duration<double>(time).count(); }

}  // namespace

std::size_t TraceBuilder::client(const std::string& key, std::string_view id) {
  const auto [known, is_new] = by_key_.emplace(key, data_.clients.size());
  if (is_new) data_.clients.push_back({std::string(id), {}});
  return known->second;
}

void TraceBuilder::add(std::size_t client, const TrackPoint& sample, std::size_t line) {
  TraceClient& moving = data_.clients[client];
  if (!moving.samples.empty() && sample.at < moving.samples.back().at) {
    report(line, time_name_,
           fmt::format("goes back from {} s to {} s for client {}",
                       seconds(moving.samples.back().at), seconds(sample.at), quoted(moving.id)),
           "times of one client in their order");
    return;
  }
  if (sample.at > kMaxTraceTime) {
    report(line, time_name_, fmt::format("{} s is out of range", seconds(sample.at)),
           kSecondsRight);
    return;
  }
  moving.samples.push_back(sample);
}

void TraceBuilder::report(std::size_t line, std::string_view what, std::string wrong,
                          std::string_view right) {
  problems_.push_back({line, std::string(what), std::move(wrong), std::string(right)});
}

std::optional<herd::Duration> TraceBuilder::read_seconds(std::optional<std::string_view> text,
                                                         std::size_t line) {
  const auto ns = text ? herd::scan_time(*text) : std::nullopt;
  if (ns && herd::Duration(*ns) <= kMaxTraceTime) return herd::Duration(*ns);
  report(line, time_name_,
         !text ? "is missing" : quoted(*text) + (ns ? " is out of range" : " is not a time"),
         kSecondsRight);
  return std::nullopt;
}

std::optional<double> TraceBuilder::read_degrees(std::optional<std::string_view> text,
                                                 std::string_view what, double limit,
                                                 std::string_view right, std::size_t line) {
  if (!text) {
    report(line, what, "is missing", right);
    return std::nullopt;
  }
  std::string_view number = *text;
  if (number.starts_with('+') && !number.starts_with("+-")) number.remove_prefix(1);
  double value = 0;
  const char* const end = number.data() + number.size();
  const auto [stop, error] = std::from_chars(number.data(), end, value);
  const bool is_number = error == std::errc() && stop == end;
  if (is_number && value >= -limit && value <= limit) return value;
  report(line, what, quoted(*text) + (is_number ? " is out of range" : " is not a number"), right);
  return std::nullopt;
}

herd::Result<TraceData, TraceProblems> TraceBuilder::take() && {
  std::erase_if(data_.clients, [](const TraceClient& client) { return client.samples.empty(); });
  if (problems_.empty() && data_.clients.empty()) {
    report(1, "trace", "has no clients", "at least one sample of one client");
  }
  if (problems_.empty()) {
    for (std::size_t i = 0; i < data_.clients.size(); ++i) {
      data_.by_id.emplace(data_.clients[i].id, i);
    }
    return std::move(data_);
  }
  std::stable_sort(problems_.begin(), problems_.end(),
                   [](const auto& a, const auto& b) { return a.line < b.line; });
  if (problems_.size() > kMostProblems) {
    const std::size_t more = problems_.size() - kMostProblems;
    problems_.resize(kMostProblems + 1);
    problems_.back().what = "trace";
    problems_.back().wrong = fmt::format("has {} more errors from here on", more);
    problems_.back().right.clear();
  }
  return std::move(problems_);
}

}  // namespace sim
