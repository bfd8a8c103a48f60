// A scenario as data: what a validated file says, every default filled in and every name known to
// exist. Nothing here is random and nothing depends on the world it is played in. The language is
// explained in scenarios/README.md and published as scenarios/scenario.schema.json.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/script/spec/client_group.h"
#include "sim/script/spec/events.h"
#include "sim/script/spec/herd_spec.h"

namespace sim {

enum class ClockKind {
  kLive,     // real sockets, real time
  kVirtual,  // nothing real: an event queue and its own time
};
std::string_view to_string(ClockKind clock);

enum class RecordLevel { kSummary, kUpdates, kDeliveries };

struct Expectation {
  std::string herd;    // a herd's name, or "*" for each
  std::string metric;  // a numeric column of summary.csv
  std::optional<double> equals, min, max;
};

struct Scenario {
  std::string file;  // where it was read from, as given
  std::string name;
  std::string about;
  std::uint64_t seed = 1;
  ClockKind clock = ClockKind::kLive;
  Duration duration{0};
  Duration drain = std::chrono::seconds(2);
  RecordLevel record = RecordLevel::kDeliveries;
  std::vector<HerdSpec> herds;
  std::vector<ClientGroup> clients;
  std::vector<Event> events;  // by time, in file order where times are equal
  std::vector<Expectation> expect;
  std::string as_run;  // the JSON it was read from, overrides applied: what run.json shows
};

}  // namespace sim
