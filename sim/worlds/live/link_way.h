// The direction from a server to one of its neighbours, on whatever connection the link has at the
// time. The loop's thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sim/base/io/run_clock.h"
#include "sim/base/io/stream.h"
#include "sim/worlds/live/link_direction.h"
#include "sim/worlds/net/link_model.h"

namespace sim {

class LinkWay {
 public:
  LinkWay(AlarmClock& alarms, const RunClock& clock, LinkModel model)
      : model_(model),
        direction_(alarms, clock, model_,
                   [this](std::string_view text, std::string_view ending, const PieceLabel&) {
                     stream_->write(text, ending);
                   }) {}

  // Uses this connection from now on. Drops what was in flight on the last one.
  void begin(Stream& stream) {
    stream_ = &stream;
    direction_.restart();
  }
  void end() {
    stream_ = nullptr;
    direction_.clear();
  }
  Stream* stream() const { return stream_; }

  // Returns whether the bytes are delayed, so that bytes_in_flight() may have grown. Precondition:
  // begun.
  bool send(std::string_view text, std::string_view ending) {
    bytes_handed_ += text.size() + ending.size();
    // Most links are ideal: this saves two calls that are not inlined for each line.
    if (direction_.passes_at_once()) {
      stream_->write(text, ending);
      return false;
    }
    direction_.send(text, ending);
    return true;
  }
  // These bytes count as unsent.
  std::size_t bytes_in_flight() const { return direction_.bytes_in_flight(); }
  // Returns the number of bytes that were sent on all connections so far.
  std::uint64_t bytes_handed() const { return bytes_handed_; }

  // Returns when fewer than `bytes` wait for the bandwidth.
  herd::Instant room_at(std::size_t bytes) const { return model_.room_at(bytes); }
  LinkModel& model() { return model_; }
  void set(const LinkConditions& conditions) { direction_.set(conditions); }
  // Delivers nothing until release(), which delivers at once all that is late.
  void hold() { direction_.hold(); }
  void release() { direction_.release(); }

 private:
  LinkModel model_;
  Stream* stream_ = nullptr;
  std::uint64_t bytes_handed_ = 0;
  LinkDirection direction_;
};

}  // namespace sim
