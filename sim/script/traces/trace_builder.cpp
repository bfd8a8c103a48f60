#include "sim/script/traces/trace_builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <chrono>
#include <cmath>
#include <utility>

#include "core/fields.h"
#include "sim/base/text/numbers.h"
#include "sim/base/text/quoted.h"
#include "sim/script/traces/utc_time.h"

namespace sim {
namespace {

constexpr std::size_t kMostProblems = 20;
constexpr std::size_t kMostRuns = 3;  // of one kind and client, each reported by itself
constexpr std::string_view kSecondsRight = "seconds since the run's start, from 0 to 31536000";
constexpr std::string_view kRangeRight =
    R"(seconds since the run's start, from 0 to 31536000; or "from": "first" beside the file's )"
    "name, to begin at its first time";
constexpr std::string_view kStretchRight = "all times of a file within 365 days";
static_assert(kMaxTraceTime == std::chrono::seconds(31'536'000), "the texts above say so");

double to_seconds(herd::PosixNs ns) {
  return std::chrono::duration<double>(herd::Duration(ns)).count();
}

}  // namespace

std::size_t TraceBuilder::client(const std::string& key, std::string_view id) {
  const auto [known, is_new] = by_key_.emplace(key, clients_.size());
  if (is_new) clients_.push_back({std::string(id), {}});
  return known->second;
}

void TraceBuilder::add(std::size_t client, const RawSample& sample) {
  clients_[client].samples.push_back(sample);
}

void TraceBuilder::report(std::size_t line, std::string_view what, std::string wrong,
                          std::string_view right) {
  if (only_counts(line)) return;
  ++problem_count_;
  if (problems_.size() > kMostProblems) problems_.pop_back();
  const auto next =
      std::upper_bound(problems_.begin(), problems_.end(), line,
                       [](std::size_t at, const TraceProblem& each) { return at < each.line; });
  problems_.insert(next, {line, std::string(what), std::move(wrong), std::string(right)});
}

// One more than is described has the line from which on the others are.
bool TraceBuilder::only_counts(std::size_t line) {
  if (problems_.size() <= kMostProblems || line < problems_.back().line) return false;
  ++problem_count_;
  return true;
}

void TraceBuilder::report_file(std::size_t line, std::string_view what, std::string wrong,
                               std::string_view right) {
  if (!of_file_) {
    of_file_ = TraceProblem{line, std::string(what), std::move(wrong), std::string(right)};
  }
}

std::optional<herd::PosixNs> TraceBuilder::read_seconds(std::optional<std::string_view> text,
                                                        std::size_t line) {
  const auto ns = text ? herd::scan_time(*text) : std::nullopt;
  if (ns) return ns;
  if (only_counts(line)) return std::nullopt;
  report(line, words_.time, !text ? "is missing" : sim::quoted(*text) + " is not a time",
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
  const auto value = read_real(number);
  if (value && *value >= -limit && *value <= limit) return value;
  if (only_counts(line)) return std::nullopt;
  report(line, what, sim::quoted(*text) + (value ? " is out of range" : " is not a number"), right);
  return std::nullopt;
}

herd::PosixNs TraceBuilder::start_of_run(TraceFrom from) const {
  if (from == TraceFrom::kRun) return 0;
  std::vector<herd::PosixNs> times;
  for (const Client& client : clients_) {
    for (const RawSample& sample : client.samples) times.push_back(sample.time);
  }
  return times.empty() ? 0 : first_of_most(std::move(times));
}

double TraceBuilder::seconds(const RawSample& sample) const {
  return to_seconds(sample.time - start_);
}

// Removes samples more than kMaxTraceTime away from the others, or from the run's start.
void TraceBuilder::remove_far_times(TraceFrom from) {
  const auto is_far = [this](const RawSample& sample) {
    return sample.time < start_ || sample.time - start_ > kMaxTraceTime.count();
  };
  const auto shown = [this](herd::PosixNs time) {
    return words_.has_dates ? format_short_utc_time(time) : fmt::format("{} s", to_seconds(time));
  };
  for (Client& client : clients_) {
    for (const RawSample& sample : client.samples) {
      if (!is_far(sample) || only_counts(sample.line)) continue;
      if (from == TraceFrom::kRun) {
        report(sample.line, words_.time, shown(sample.time) + " is out of range", kRangeRight);
      } else {
        report(sample.line, words_.time,
               fmt::format("{} is more than 365 days from most times of the file, which begin at "
                           "{}",
                           shown(sample.time), shown(start_)),
               kStretchRight);
      }
    }
    std::erase_if(client.samples, is_far);
  }
}

template <class Describe>
void TraceBuilder::remove_odd(Client& client, const std::vector<bool>& good, std::string_view what,
                              std::string_view right, const Describe& describe) {
  std::vector<RawSample>& samples = client.samples;
  const std::vector<OddRun> runs = odd_runs(good);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const auto [first, count] = runs[i];
    if (i == kMostRuns) {
      report(samples[first].line, what,
             fmt::format("{} more such errors of client {} from here on", runs.size() - i,
                         sim::quoted(client.id)),
             "");
      break;
    }
    const RawSample* const before = first == 0 ? nullptr : &samples[first - 1];
    const RawSample* const after =
        first + count == samples.size() ? nullptr : &samples[first + count];
    std::string wrong = describe(samples[first], before, after);
    wrong += fmt::format(" for client {}", sim::quoted(client.id));
    if (count > 1) wrong += fmt::format(", and so do its next {} samples", count - 1);
    report(samples[first].line, what, std::move(wrong), right);
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (good[i]) samples[kept++] = samples[i];
  }
  samples.resize(kept);
}

void TraceBuilder::remove_disorder(Client& client) {
  remove_odd(client, in_order(client.samples), words_.time, "times of one client in their order",
             [this](const RawSample& odd, const RawSample* before, const RawSample* after) {
               if (before != nullptr && odd.time < before->time) {
                 return fmt::format("goes back from {} s to {} s", seconds(*before), seconds(odd));
               }
               return fmt::format("jumps ahead to {} s, and line {} goes on at {} s", seconds(odd),
                                  after->line, seconds(*after));
             });
}

void TraceBuilder::remove_too_fast(Client& client) {
  remove_odd(client, at_possible_speed(client.samples), words_.position, words_.position_right,
             [](const RawSample& odd, const RawSample* before, const RawSample* after) {
               assert(before != nullptr || after != nullptr);  // one sample alone has no speed
               const RawSample& other = before != nullptr ? *before : *after;
               return fmt::format("moves {:.6g} km in {:.6g} s {} line {}",
                                  herd::distance_m(odd.point, other.point) / 1000,
                                  std::abs(to_seconds(odd.time - other.time)),
                                  before != nullptr ? "from" : "to", other.line);
             });
}

herd::Result<TraceData, TraceProblems> TraceBuilder::take(TraceFrom from) && {
  if (of_file_) return TraceProblems{*of_file_};
  start_ = start_of_run(from);
  remove_far_times(from);
  for (Client& client : clients_) {
    remove_disorder(client);
    remove_too_fast(client);
  }
  std::erase_if(clients_, [](const Client& client) { return client.samples.empty(); });
  if (problems_.empty() && clients_.empty()) {
    report(1, "trace", "has no clients", "at least one sample of one client");
  }
  if (problems_.empty()) {
    TraceData data;
    for (Client& client : clients_) {
      data.by_id.emplace(client.id, data.clients.size());
      TraceClient& moving = data.clients.emplace_back(TraceClient{std::move(client.id), {}});
      moving.samples.reserve(client.samples.size());
      for (const RawSample& sample : client.samples) {
        moving.samples.push_back({herd::Duration(sample.time - start_), sample.point});
      }
      client.samples = {};  // a file may be large
    }
    return data;
  }
  if (problems_.size() > kMostProblems) {
    const std::size_t more = problem_count_ - kMostProblems;
    problems_.back().what = "trace";
    problems_.back().wrong = fmt::format("has {} more errors from here on", more);
    problems_.back().right.clear();
  }
  return std::move(problems_);
}

}  // namespace sim
