// One direction of a relayed link: what is under way on all its connections, in one order.
// The loop's thread only.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>

#include "sim/base/io/alarm_clock.h"
#include "sim/base/io/run_clock.h"
#include "sim/engines/relay/link_tap.h"
#include "sim/worlds/net/link_model.h"

namespace sim {

class RelayWay {
 public:
  enum class Kind { kBytes, kEnd, kBreak };
  struct Piece {
    std::uint64_t connection = 0;
    Kind kind = Kind::kBytes;
    std::string bytes;
    std::uint32_t message = LinkTap::kNoMessage;  // that ends with these bytes
  };
  // `deliver` is given each piece when its moment has come.
  RelayWay(AlarmClock& alarms, const RunClock& clock, LinkModel model,
           std::function<void(const Piece&)> deliver);

  void put(Piece piece);
  // Nothing arrives until release(); then what is late comes at once.
  void hold();
  void release();
  // What is under way is gone; `lost` is given each piece.
  void clear(const std::function<void(const Piece&)>& lost);

  LinkModel& model() { return model_; }
  bool empty() const { return pieces_.empty(); }
  // Of the pieces under way.
  std::size_t bytes_in_flight() const { return bytes_; }
  // Of all that was put in.
  std::uint64_t bytes_handed() const { return bytes_handed_; }

 private:
  struct Queued {
    std::uint64_t at_ns = 0;
    Piece piece;
  };
  void deliver_due();
  void arm();

  const RunClock& clock_;
  LinkModel model_;
  std::function<void(const Piece&)> deliver_;
  std::deque<Queued> pieces_;
  std::size_t bytes_ = 0;
  std::uint64_t bytes_handed_ = 0;
  herd::Instant last_arrival_ = herd::Instant::min();
  bool held_ = false;
  Alarm alarm_;
};

}  // namespace sim
