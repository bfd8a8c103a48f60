// One direction of a link: what is sent arrives when the link's model says, in the order in which
// it was sent. On an ideal link it arrives at once. The loop's thread only.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/base/io/run_clock.h"
#include "sim/worlds/live/delay_line.h"
#include "sim/worlds/net/link_model.h"

namespace sim {

class LinkDirection {
 public:
  // Is given what arrives, which is `text` and then `ending`. It may send more, also from within
  // send(), but must not destroy the direction.
  using Deliver =
      std::function<void(std::string_view text, std::string_view ending, const PieceLabel& label)>;

  // All must outlive the direction. Directions may share a model: then they share its bandwidth,
  // and each keeps an order of its own.
  LinkDirection(AlarmClock& alarms, const RunClock& clock, LinkModel& model, Deliver deliver)
      : clock_(clock),
        model_(model),
        deliver_(std::move(deliver)),
        line_(alarms, [this](std::string_view text, const PieceLabel& label) {
          deliver_(text, "", label);
        }) {}

  // Returns whether what is sent now is delivered within send().
  bool passes_at_once() const { return line_.empty() && !line_.held() && model_.is_ideal(); }
  // `unseen` bytes take their share of the bandwidth, but are not delivered.
  void send(std::string_view text, std::string_view ending, const PieceLabel& label = {},
            std::size_t unseen = 0) {
    if (passes_at_once()) return deliver_(text, ending, label);
    const std::size_t bytes = text.size() + ending.size() + unseen;
    const Passage passage = model_.pass(clock_.now(), bytes);
    last_arrival_ = std::max(last_arrival_, passage.arrival());
    line_.put(clock_.hrtime_of(last_arrival_), text, ending, label, passage);
  }
  // Changes the model's conditions. Precondition: no other direction shares the model.
  void set(const LinkConditions& conditions) { move(model_.set(conditions, clock_.now())); }
  // The model's bandwidth has changed: what waits leaves at other times from now on.
  void move(const Stretch& stretch) {
    if (line_.empty()) return;
    last_arrival_ = herd::Instant::min();
    line_.reschedule([&](Passage& passage) {
      passage.sent = stretch.moved(passage.sent);
      last_arrival_ = std::max(last_arrival_, passage.arrival());
      return clock_.hrtime_of(last_arrival_);
    });
  }
  // Delivers nothing until release(), which delivers at once all that is late.
  void hold() { line_.hold(); }
  void release() { line_.release(); }
  // Drops what is in flight, and returns its labels in order.
  std::vector<PieceLabel> clear() { return line_.clear(); }
  // The same. In addition, later sends no longer wait for what was sent before.
  std::vector<PieceLabel> restart() {
    model_.drop_queue();
    last_arrival_ = herd::Instant::min();
    return clear();
  }

  // Whether nothing is in flight.
  bool empty() const { return line_.empty(); }
  std::size_t bytes_in_flight() const { return line_.bytes(); }

 private:
  const RunClock& clock_;
  LinkModel& model_;
  Deliver deliver_;
  herd::Instant last_arrival_ = herd::Instant::min();
  DelayLine line_;
};

}  // namespace sim
