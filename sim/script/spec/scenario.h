// A scenario as data: the contents of a validated file. Every default is filled in, and every name
// is known to exist. A scenario contains no random choices and does not depend on the world in
// which it is played. scenarios/README.md explains the language; scenarios/scenario.schema.json is
// its schema.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/script/spec/client_group.h"
#include "sim/script/spec/events.h"
#include "sim/script/spec/herd_spec.h"
#include "sim/script/spec/messages_spec.h"

namespace sim {

enum class ClockKind {
  kLive,     // real sockets, real time
  kVirtual,  // neither: an event queue with its own time
};
std::string_view to_string(ClockKind clock);

enum class RecordLevel { kSummary, kUpdates, kDeliveries };

struct Expectation {
  std::string herd;    // a herd's name, or "*" for each herd
  std::string metric;  // a numeric column of summary.csv
  std::optional<double> equals, min, max;
};

struct Scenario {
  std::string file;  // the path of its file, as given
  std::string name;
  std::string about;
  std::uint64_t seed = 1;
  ClockKind clock = ClockKind::kLive;
  Duration duration{0};
  Duration drain = std::chrono::seconds(2);
  RecordLevel record = RecordLevel::kDeliveries;
  MessagesSpec messages;
  std::vector<HerdSpec> herds;
  std::vector<ClientGroup> clients;
  std::vector<Event> events;  // by time; in file order if times are equal
  std::vector<Expectation> expect;
  std::string as_run;                 // its JSON after overrides, for run.json
  std::vector<std::string> warnings;  // what is probably not meant, a line each, for its author
};

}  // namespace sim
