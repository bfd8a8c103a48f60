// Collects the samples and the problems of a trace file, for the readers of all formats.
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
  // `time_name` is the format's name for the time of a sample.
  explicit TraceBuilder(std::string_view time_name) : time_name_(time_name) {}

  // Returns the index of the client with this key. Adds a client with the id `id` if there is none.
  std::size_t client(const std::string& key, std::string_view id);
  // Adds a sample. Reports a time before the client's last sample, or after kMaxTraceTime.
  void add(std::size_t client, const TrackPoint& sample, std::size_t line);

  void report(std::size_t line, std::string_view what, std::string wrong, std::string_view right);
  // Each returns the value of a field; nullopt if the field is missing or invalid, which is
  // reported. No `text` means that the field is missing.
  std::optional<herd::Duration> read_seconds(std::optional<std::string_view> text,
                                             std::size_t line);
  std::optional<double> read_degrees(std::optional<std::string_view> text, std::string_view what,
                                     double limit, std::string_view right, std::size_t line);

  // Returns the clients that have samples, or the problems by line. A file of another format is
  // wrong on every line, so there are at most 20 problems, and then one with the number of the
  // others.
  herd::Result<TraceData, TraceProblems> take() &&;

 private:
  std::string_view time_name_;
  TraceData data_;
  std::unordered_map<std::string, std::size_t> by_key_;
  TraceProblems problems_;
};

}  // namespace sim
