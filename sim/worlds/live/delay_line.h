// Keeps what is in flight in one direction of a connection or of a link, until it arrives. The
// loop's thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/base/io/alarm_clock.h"
#include "sim/worlds/net/link_model.h"

namespace sim {

// Tells the sender, when a piece arrives, which piece it is. The numbers are the sender's own.
struct PieceLabel {
  enum class Kind : std::uint8_t { kBytes, kEnd, kBreak };
  Kind kind = Kind::kBytes;
  std::uint32_t connection = 0;
  std::uint32_t message = 0;
};

class DelayLine {
 public:
  // Is given each piece as it was put in, in order, when its moment has come. It may put in more,
  // or clear the line.
  using Deliver = std::function<void(std::string_view text, const PieceLabel& label)>;

  DelayLine(AlarmClock& clock, Deliver deliver)
      : deliver_(std::move(deliver)), alarm_(clock, [this] { deliver_due(); }) {}

  // `at_ns` is on the scale of uv_hrtime(), and never before that of the piece put in last.
  // `passage` is kept for reschedule().
  void put(std::uint64_t at_ns, std::string_view text, std::string_view ending,
           const PieceLabel& label = {}, const Passage& passage = {});
  // Sets the moment of each piece again, in order: `at_ns_of` returns it, and may change the
  // piece's passage.
  void reschedule(const std::function<std::uint64_t(Passage& passage)>& at_ns_of);
  // Delivers nothing until release(), which delivers at once all that is late.
  void hold();
  void release();
  // Drops what is in flight, and returns its labels in order.
  std::vector<PieceLabel> clear();

  bool empty() const { return pieces_.empty(); }
  bool held() const { return held_; }
  std::size_t bytes() const { return text_.size() - begin_; }

 private:
  struct Piece {
    std::uint64_t at_ns = 0;
    std::size_t size = 0;
    PieceLabel label;
    Passage passage;
  };

  void deliver_due();
  void arm();

  Deliver deliver_;
  std::deque<Piece> pieces_;
  std::string text_;  // of all pieces, from begin_ on
  std::size_t begin_ = 0;
  std::string delivering_;
  bool held_ = false;
  Alarm alarm_;
};

}  // namespace sim
