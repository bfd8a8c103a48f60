// What is under way in one direction of a connection, until it arrives. The loop's thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>

#include "sim/base/io/alarm_clock.h"

namespace sim {

class DelayLine {
 public:
  // `deliver` is given each piece as it was put in, when its moment has come, in order, and an
  // empty one with `is_end` for an end. It may put in more, or clear the line.
  using Deliver = std::function<void(std::string_view text, bool is_end)>;
  DelayLine(AlarmClock& clock, Deliver deliver)
      : deliver_(std::move(deliver)), alarm_(clock, [this] { deliver_due(); }) {}

  // `at_ns` on the scale of uv_hrtime(), never before that of the piece put in last.
  void put(std::uint64_t at_ns, std::string_view text, std::string_view ending);
  void put_end(std::uint64_t at_ns);
  // Delivers nothing until release(); then what is late comes at once.
  void hold();
  void release();
  // What is under way is lost.
  void clear();

  bool empty() const { return pieces_.empty(); }
  bool held() const { return held_; }
  std::size_t bytes() const { return text_.size() - begin_; }

 private:
  struct Piece {
    std::uint64_t at_ns = 0;
    std::size_t size = 0;
    bool is_end = false;
  };

  void add(const Piece& piece);

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
