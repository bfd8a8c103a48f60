// The words that an external herd's processes are given: the command and environment of their
// engine, with every placeholder filled in.
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

// The values of the placeholders, known once ports are given out.
struct EngineFacts {
  std::vector<std::uint16_t> ports;  // by server: the port it listens on
  // By link and endpoint (0: its first server): the port at which that endpoint finds the other.
  std::vector<std::array<std::uint16_t, 2>> neighbor_ports;
  std::string secret;      // of the run's links
  std::string places_url;  // of the herd's embedded provider; empty: it has none
  std::string herdsim;     // path of our own binary
};

struct EngineWords {
  std::vector<std::string> command;
  std::vector<std::pair<std::string, std::string>> env;
};

// Returns the words for the process of one server. If one process is the whole herd, returns the
// words for that process, and `server` does not matter. Precondition: the herd has a program.
EngineWords engine_words(const HerdSpec& herd, const EngineFacts& facts, std::uint32_t server);

// Returns `file` with the names of the herd and of the server filled in.
std::string log_file_of(const HerdSpec& herd, const std::string& file, std::uint32_t server);

}  // namespace sim
