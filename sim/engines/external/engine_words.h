// What an external herd's processes are told: the command and environment of its engine with every
// placeholder filled in.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sim/script/spec/adjacency.h"
#include "sim/script/spec/engine_spec.h"
#include "sim/script/spec/herd_spec.h"

namespace sim {

// Where everything is once ports are given out.
struct EngineFacts {
  std::vector<std::uint16_t> ports;  // by server: that it listens on
  // By link and end (0: its first server): the port by which that end finds the other.
  std::vector<std::array<std::uint16_t, 2>> neighbor_ports;
  std::string secret;      // of the run's links
  std::string places_url;  // of the herd's embedded provider; empty: it has none
  std::string herdsim;     // our own binary
};

struct EngineWords {
  std::vector<std::string> command;
  std::vector<std::pair<std::string, std::string>> env;
};

// Of the process of one server, or, where one process is all of the herd, of that: `server` is then
// of no matter.
EngineWords engine_words(const HerdSpec& herd, const EngineFacts& facts, std::uint32_t server);

// `file` with the names of the herd and of that server filled in.
std::string log_file_of(const HerdSpec& herd, const std::string& file, std::uint32_t server);

}  // namespace sim
