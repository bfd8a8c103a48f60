// What `herdsim show` reads of a results folder: the herds, their updates, and one update's
// messages.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "sim/app/show/show_error.h"

namespace sim {

// A row of updates.csv. Times count from the start of the run.
struct ShownUpdate {
  std::uint64_t number = 0;
  std::string client, origin, outcome;
  herd::Duration sent{0};
  std::optional<herd::Duration> accepted, coverage, reply;
  std::uint64_t reached = 0;
  std::optional<std::uint64_t> messages, duplicates, echoes;  // nullopt: not known
  std::uint64_t logged = 0;                                   // its rows in messages.csv
};

// A row of messages.csv.
struct ShownMessage {
  std::string from, to, kind;
  herd::Duration sent{0};
  std::optional<herd::Duration> received;
  std::uint64_t hops = 0;
  bool echo = false, repair = false;

  // Returns when it came to its end, as far as that is known.
  herd::Duration at() const { return received.value_or(sent); }
};

// A row of undelivered.csv.
struct ShownMiss {
  std::uint64_t update = 0;
  std::string server, reason;
};

struct ShownHerd {
  std::string name;
  std::uint64_t servers = 0;
  std::vector<ShownUpdate> updates;  // by number
  std::vector<ShownMiss> misses;     // by update

  // Return the update of that number, and its misses. Null if there is no such update.
  const ShownUpdate* find(std::uint64_t update) const;
  std::vector<ShownMiss> misses_of(std::uint64_t update) const;
  bool covered(const ShownUpdate& update) const { return update.reached == servers; }
};

class ShownRun {
 public:
  static herd::Result<ShownRun, ShowError> read(const std::filesystem::path& folder);

  const std::string& name() const { return name_; }
  const std::vector<ShownHerd>& herds() const { return herds_; }
  // Calls `take(herd, number of the update, message)` for each row of messages.csv, in its order.
  // Rows of a herd that summary.csv does not have are left out.
  using TakeMessage = std::function<void(const ShownHerd&, std::uint64_t, ShownMessage)>;
  std::optional<ShowError> for_each_message(const TakeMessage& take) const;
  // Returns the messages of one update in the order in which they came to their ends. `herd` is one
  // of this run.
  herd::Result<std::vector<ShownMessage>, ShowError> messages(const ShownHerd& herd,
                                                              std::uint64_t update) const;

 private:
  std::optional<std::string> read_herds();
  std::optional<std::string> read_updates();
  std::optional<std::string> read_misses();
  std::optional<std::string> count_messages();
  ShownHerd* find(const std::string& herd);

  std::filesystem::path folder_;
  std::string name_;
  std::vector<ShownHerd> herds_;
};

}  // namespace sim
