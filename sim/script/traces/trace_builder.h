// Collects the samples and the problems of a trace file, for the readers of all formats.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/result.h"
#include "sim/script/traces/sample_checks.h"
#include "sim/script/traces/trace_data.h"

namespace sim {

// How a format calls what its errors are about.
struct TraceWords {
  std::string_view time;            // of a sample, for example `time_s`
  std::string_view position;        // for example `lat, lon`
  std::string_view position_right;  // for a client that would be too fast
  bool has_dates = false;           // times are dates; else they are seconds
};

class TraceBuilder {
 public:
  explicit TraceBuilder(const TraceWords& words) : words_(words) {}
  void set_words(const TraceWords& words) { words_ = words; }

  // Returns the index of the client with this key. Adds a client with the id `id` if there is none.
  std::size_t client(const std::string& key, std::string_view id);
  // Adds a sample. Samples are checked by take().
  void add(std::size_t client, const RawSample& sample);

  void report(std::size_t line, std::string_view what, std::string wrong, std::string_view right);
  // Returns whether nobody will see what is reported about this line, because enough is known of
  // earlier lines. Then it counts the problem, so that no words about it are needed.
  bool only_counts(std::size_t line);
  // Reports what makes every other problem of the file meaningless: take() then returns the first
  // of these alone.
  void report_file(std::size_t line, std::string_view what, std::string wrong,
                   std::string_view right);
  // Each returns the value of a field; nullopt if the field is missing or invalid, which is
  // reported. No `text` means that the field is missing.
  std::optional<herd::PosixNs> read_seconds(std::optional<std::string_view> text, std::size_t line);
  std::optional<double> read_degrees(std::optional<std::string_view> text, std::string_view what,
                                     double limit, std::string_view right, std::size_t line);

  // Returns the clients that have samples, or the problems by line. A file of another format is
  // wrong on every line, so there are at most 20 problems, and then one with the number of the
  // others; and no more than these are kept meanwhile.
  herd::Result<TraceData, TraceProblems> take(TraceFrom from) &&;

 private:
  struct Client {
    std::string id;
    std::vector<RawSample> samples;
  };

  herd::PosixNs start_of_run(TraceFrom from) const;
  void remove_far_times(TraceFrom from);
  void remove_disorder(Client& client);
  void remove_too_fast(Client& client);
  // Removes the samples that are not good. `what` is the part of a sample that is wrong; `describe`
  // returns how, for the first sample of a run and the good ones beside it, which may be null.
  template <class Describe>
  void remove_odd(Client& client, const std::vector<bool>& good, std::string_view what,
                  std::string_view right, const Describe& describe);
  double seconds(const RawSample& sample) const;

  TraceWords words_;
  std::vector<Client> clients_;
  std::unordered_map<std::string, std::size_t> by_key_;
  herd::PosixNs start_ = 0;        // the time in the file that is the run's start
  TraceProblems problems_;         // by line: the first ones
  std::size_t problem_count_ = 0;  // of all
  std::optional<TraceProblem> of_file_;
};

}  // namespace sim
