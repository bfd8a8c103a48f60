// The network between one front end and the database's site: a socket that looks like the
// database's, behind which all bytes take their time, both ways, as the link's conditions say; and
// which can be cut. The loop's thread only.
#pragma once

#include <uv.h>

#include <cstdint>
#include <filesystem>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "sim/base/io/alarm_clock.h"
#include "sim/base/io/io_loop.h"
#include "sim/base/io/run_clock.h"
#include "sim/base/io/uv_error.h"
#include "sim/base/io/uv_handle.h"
#include "sim/engines/central/byte_pipe.h"
#include "sim/script/spec/link_conditions.h"
#include "sim/worlds/live/delay_line.h"
#include "sim/worlds/net/link_model.h"

namespace sim {

class DatabaseLink {
 public:
  struct Setup {
    std::filesystem::path folder;  // of its own, for its socket; it is made
    std::string database;          // the path of the database's socket
    LinkModel to_front_end, to_database;
  };

  // The clocks must outlive the link.
  DatabaseLink(AlarmClock& alarms, const RunClock& clock, Setup setup);
  ~DatabaseLink();
  DatabaseLink(const DatabaseLink&) = delete;
  DatabaseLink& operator=(const DatabaseLink&) = delete;

  // Makes the socket.
  std::optional<Error> listen();
  const std::filesystem::path& folder() const { return setup_.folder; }

  // Ends the connections that cross it, losing what is under way, and lets none be made.
  void cut();
  // They stand, but nothing comes through.
  void hold();
  // It is whole again: what was held comes through, late.
  void restore();
  bool is_up() const { return state_ == State::kUp; }
  // `forward` is from the database.
  void set(const TwoWayConditions& conditions);
  // Handed to it so far.
  std::uint64_t bytes_to_front_end() const { return bytes_to_front_end_; }
  std::uint64_t bytes_to_database() const { return bytes_to_database_; }

 private:
  enum class State { kUp, kCut, kHeld };

  class Crossing;  // one connection

  void accept(uv_stream_t* listener);
  // Drops those that are over, once their own calls have returned.
  void sweep_later();

  AlarmClock& alarms_;
  const RunClock& clock_;
  Setup setup_;
  std::optional<UvHandle<uv_pipe_t>> listener_;
  State state_ = State::kUp;
  std::uint64_t bytes_to_front_end_ = 0, bytes_to_database_ = 0;
  std::list<std::unique_ptr<Crossing>> crossings_;
};

}  // namespace sim
