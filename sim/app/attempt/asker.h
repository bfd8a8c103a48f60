// Asks servers in a herd's own dialect, one command at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sim/app/attempt/talk.h"
#include "sim/engines/foreign/reply_cutter.h"
#include "sim/script/spec/engine_spec.h"

namespace sim {

// An answer to a command.
struct Answer {
  std::string text;     // without line endings at its end; what came so far if it is not whole
  bool whole = false;   // false: no answer in time, or the connection ended first
  bool closed = false;  // the server closed the connection
};

class Asker {
 public:
  // How long a server has to answer before the command counts as unanswered.
  static constexpr Milliseconds kPatience{10000};
  // The same for a WHATSAT, which waits for Places.
  static constexpr Milliseconds kPlacesPatience{10000};

  explicit Asker(const Dialect& dialect) : dialect_(dialect), rule_(dialect) {}

  // Sends the line, with the dialect's ending, on a connection of its own.
  Answer ask(const sockaddr_storage& server, std::string_view line) const;
  // The same on a connection that stays open for more.
  Answer ask(Talk& talk, std::string_view line) const;
  Answer ask(Talk& talk, std::string_view line, Milliseconds patience) const;
  // Reads one answer; `of_query`: to a WHATSAT.
  Answer read(Talk& talk, bool of_query, Milliseconds patience) const;

  // Returns the AT line that a server answers a WHATSAT with; nullopt if it gives none.
  std::optional<std::string> known(const sockaddr_storage& server, std::string_view client) const;

  // From now on an AT line that nothing follows for a moment is the whole answer to a WHATSAT.
  void expect_no_json() { expects_json_ = false; }

  std::string_view ending() const;
  bool one_command() const { return dialect_.connection == ConnectionUse::kOneCommand; }
  bool half_closes() const { return dialect_.half_close; }
  bool pipelines() const { return dialect_.pipelining; }

 private:
  Dialect dialect_;
  ReplyRule rule_;
  bool expects_json_ = true;
};

// Returns a text for a person: without the line endings at its end, and shown on one line.
std::string without_ending(std::string text);
// Returns the first line of a text, without its ending.
std::string first_line(std::string_view text);

}  // namespace sim
