#include "sim/worlds/live/delay_line.h"

#include <utility>

namespace sim {

void DelayLine::put(std::uint64_t at_ns, std::string_view text, std::string_view ending) {
  text_.append(text).append(ending);
  add({at_ns, text.size() + ending.size(), false});
}

void DelayLine::put_end(std::uint64_t at_ns) { add({at_ns, 0, true}); }

void DelayLine::add(const Piece& piece) {
  const bool first = pieces_.empty();
  pieces_.push_back(piece);
  if (first) arm();
}

void DelayLine::hold() {
  held_ = true;
  alarm_.cancel();
}

void DelayLine::release() {
  held_ = false;
  arm();
}

void DelayLine::clear() {
  pieces_.clear();
  text_.clear();
  begin_ = 0;
  alarm_.cancel();
}

void DelayLine::arm() {
  if (!held_ && !pieces_.empty()) alarm_.set(pieces_.front().at_ns);
}

void DelayLine::deliver_due() {
  const std::uint64_t now = uv_hrtime();
  while (!held_ && !pieces_.empty() && pieces_.front().at_ns <= now) {
    // A copy: what is delivered may put in more.
    const Piece piece = pieces_.front();
    delivering_.assign(text_, begin_, piece.size);
    begin_ += piece.size;
    pieces_.pop_front();
    if (pieces_.empty()) {
      text_.clear();
      begin_ = 0;
    } else if (begin_ > text_.size() / 2) {
      text_.erase(0, begin_);
      begin_ = 0;
    }
    deliver_(delivering_, piece.is_end);
  }
  arm();
}

}  // namespace sim
