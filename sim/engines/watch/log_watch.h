// Watches a herd by its servers' logs: a line that matches says that a server holds a report. The
// herd's thread only.
#pragma once

#include <re2/re2.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/engines/watch/outside_watch.h"
#include "sim/script/spec/herd_spec.h"

namespace sim {

class LogWatch {
 public:
  // Precondition: `pattern` is valid and has the groups that WatchLogs names. All arguments must
  // outlive the watch.
  LogWatch(const HerdSpec& spec, const std::string& pattern, OutsideWatch& watch);

  // Takes a line of a process's output. `server` is its server, if the line is of one server only.
  // `as_it_ends`: the process was told to end, and may have kept the line for long.
  void line(std::optional<std::uint32_t> server, std::string_view text, herd::Instant at,
            bool as_it_ends = false);
  // Returns when a line last told of something.
  herd::Instant last_sighting() const { return last_sighting_; }
  // Return the number of lines that told that a server holds an update of the script, and how many
  // of them came as a process ended.
  std::uint64_t sightings() const { return sightings_; }
  std::uint64_t late_sightings() const { return late_sightings_; }

 private:
  const HerdSpec& spec_;
  OutsideWatch& watch_;
  re2::RE2 pattern_;
  int client_ = 0, time_ = 0, server_ = 0;  // the groups' numbers; 0: none
  std::vector<re2::StringPiece> groups_;
  herd::Instant last_sighting_ = herd::Instant::min();
  std::uint64_t sightings_ = 0, late_sightings_ = 0;
};

}  // namespace sim
