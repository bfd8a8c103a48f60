// The side of a world that the script's director sees: time, the herds' links and servers. The live
// world implements it with libuv and real sockets; whatever else does must keep the same promises.
//
// One thread: everything is called, and calls back, on the thread that hosts the herds.
#pragma once

#include <cstdint>
#include <functional>

#include "core/time.h"
#include "sim/script/spec/events.h"
#include "sim/script/spec/link_conditions.h"
#include "sim/script/spec/places_faults.h"

namespace sim {

class HerdWorld {
 public:
  virtual ~HerdWorld() = default;

  // Time since the run's time zero; negative before it.
  virtual herd::Instant now() const = 0;
  // Calls `action` at `when` (at once, but not from within this call, where that has passed).
  // One wake-up is pending at a time: a new one replaces it.
  virtual void wake_at(herd::Instant when, std::function<void()> action) = 0;

  // Ends the link's connection now, at both ends, and keeps it from being dialled; what was in
  // flight is lost. As a blackhole it goes on for both ends as if nothing had happened, but nothing
  // comes through. Only of a link that is not cut.
  virtual void cut_link(std::uint32_t herd, std::uint32_t link, CutHow how) = 0;
  // Lets the link be dialled again, and has it dialled at once. Where it was a blackhole and an end
  // still holds on to its connection, what was under way comes late. Only of a link that is cut.
  virtual void restore_link(std::uint32_t herd, std::uint32_t link) = 0;
  // What the link is like from now on; what is under way on it stays as it was.
  virtual void set_link(std::uint32_t herd, std::uint32_t link,
                        const TwoWayConditions& conditions) = 0;
  // The server dies: its port is closed, its connections are reset, its memory is lost. Only of one
  // that is up, paused or not.
  virtual void stop_server(std::uint32_t herd, std::uint32_t server) = 0;
  // It comes back on its port, knowing nothing. Only of one that is down.
  virtual void start_server(std::uint32_t herd, std::uint32_t server) = 0;
  // The server reads nothing and does nothing until it is resumed; its connections stand. Nothing
  // happens to one that is down.
  virtual void pause_server(std::uint32_t herd, std::uint32_t server) = 0;
  virtual void resume_server(std::uint32_t herd, std::uint32_t server) = 0;
  // The trouble that the herd's embedded Places provider makes from now on.
  virtual void set_places(std::uint32_t herd, const PlacesFaults& faults) = 0;
};

}  // namespace sim
