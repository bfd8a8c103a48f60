#include "sim/worlds/live/delay_line.h"

#include <utility>

namespace sim {

void DelayLine::put(std::uint64_t at_ns, std::string_view text, std::string_view ending,
                    const PieceLabel& label, const Passage& passage) {
  text_.append(text).append(ending);
  pieces_.push_back({at_ns, text.size() + ending.size(), label, passage});
  if (pieces_.size() == 1) arm();
}

void DelayLine::reschedule(const std::function<std::uint64_t(Passage& passage)>& at_ns_of) {
  for (Piece& piece : pieces_) piece.at_ns = at_ns_of(piece.passage);
  arm();
}

void DelayLine::hold() {
  held_ = true;
  alarm_.cancel();
}

void DelayLine::release() {
  held_ = false;
  arm();
}

std::vector<PieceLabel> DelayLine::clear() {
  std::vector<PieceLabel> labels;
  for (const Piece& piece : pieces_) labels.push_back(piece.label);
  pieces_.clear();
  text_.clear();
  begin_ = 0;
  alarm_.cancel();
  return labels;
}

void DelayLine::arm() {
  if (!held_ && !pieces_.empty()) alarm_.set(pieces_.front().at_ns);
}

void DelayLine::deliver_due() {
  const std::uint64_t now = uv_hrtime();
  while (!held_ && !pieces_.empty() && pieces_.front().at_ns <= now) {
    // A copy, because what is delivered may put in more.
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
    deliver_(delivering_, piece.label);
  }
  arm();
}

}  // namespace sim
