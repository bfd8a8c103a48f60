// The way from a server to one of its neighbours, on whatever connection the link has at the time:
// what the server says on it reaches the socket when the link's conditions let it through.
// The loop's thread only.
#pragma once

#include <cstdint>
#include <string_view>

#include "sim/base/io/run_clock.h"
#include "sim/base/io/stream.h"
#include "sim/worlds/live/delay_line.h"
#include "sim/worlds/net/link_model.h"

namespace sim {

class LinkWay {
 public:
  LinkWay(AlarmClock& alarms, const RunClock& clock, LinkModel model)
      : clock_(clock),
        model_(model),
        line_(alarms, [this](std::string_view text, bool) { stream_->write(text, ""); }) {}

  // The connection on which the link is from now on; what the last one had under way is lost.
  void begin(Stream& stream) {
    end();
    stream_ = &stream;
    model_.drop_queue();
    last_arrival_ = herd::Instant::min();
  }
  void end() {
    stream_ = nullptr;
    line_.clear();
  }
  Stream* stream() const { return stream_; }

  // Precondition: begun.
  void send(std::string_view text, std::string_view ending) {
    const std::size_t size = text.size() + ending.size();
    bytes_handed_ += size;
    if (passes_at_once()) return stream_->write(text, ending);
    const herd::Instant arrival = model_.arrival(clock_.now(), size, last_arrival_);
    line_.put(clock_.hrtime_of(arrival), text, ending);
  }
  // Under way, which counts as unsent.
  std::size_t bytes_in_flight() const { return line_.bytes(); }
  // Of all connections so far.
  std::uint64_t bytes_handed() const { return bytes_handed_; }

  LinkModel& model() { return model_; }
  // Nothing gets through until release(); what is under way then comes late.
  void hold() { line_.hold(); }
  void release() { line_.release(); }

 private:
  bool passes_at_once() const {
    return line_.empty() && !line_.held() && model_.conditions().ideal();
  }

  const RunClock& clock_;
  LinkModel model_;
  Stream* stream_ = nullptr;
  herd::Instant last_arrival_;
  std::uint64_t bytes_handed_ = 0;
  DelayLine line_;
};

}  // namespace sim
