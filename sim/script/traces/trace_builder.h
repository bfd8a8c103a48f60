// Gathers a trace file's samples, and what is wrong with it, for readers of every format.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/result.h"
#include "sim/script/traces/trace_data.h"

namespace sim {

class TraceBuilder {
 public:
  // `time_name` is what the format calls a sample's time.
  explicit TraceBuilder(std::string_view time_name) : time_name_(time_name) {}

  // The number of the client that `key` stands for; a new one, called `id`, where there is none.
  std::size_t client(const std::string& key, std::string_view id);
  // Reports a time before that of the client's last sample, or after kMaxTraceTime.
  void add(std::size_t client, const TrackPoint& sample, std::size_t line);

  void report(std::size_t line, std::string_view what, std::string wrong, std::string_view right);
  // Each gives the value of a field, or reports it. No text: the field is missing.
  std::optional<herd::Duration> read_seconds(std::optional<std::string_view> text,
                                             std::size_t line);
  std::optional<double> read_degrees(std::optional<std::string_view> text, std::string_view what,
                                     double limit, std::string_view right, std::size_t line);

  // The clients that have samples; or the problems by line, at most 20 of them and then one that
  // says how many more there are: a file of another kind is wrong on every line.
  herd::Result<TraceData, TraceProblems> take() &&;

 private:
  std::string_view time_name_;
  TraceData data_;
  std::unordered_map<std::string, std::size_t> by_key_;
  TraceProblems problems_;
};

}  // namespace sim
