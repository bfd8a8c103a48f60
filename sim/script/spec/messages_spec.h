// Which updates have rows in messages.csv, one for each message that carried them.
#pragma once

#include <cstdint>
#include <vector>

namespace sim {

struct MessagesSpec {
  static constexpr std::uint64_t kDefaultRows = 20'000;

  bool all = false;
  std::vector<std::uint32_t> updates;  // these, by number; if it is empty and not `all`:
  // As many as make about this number of rows in each herd: the first one after each event, and
  // others spread evenly over the script.
  std::uint64_t rows = kDefaultRows;
};

}  // namespace sim
