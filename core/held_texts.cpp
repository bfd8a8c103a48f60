#include "core/held_texts.h"

#include <string>

#include "core/limits.h"

namespace herd {

SharedText HeldTexts::hold(SharedText text, bool is_next) {
  auto held = holders_.find(text.id());
  if (held == holders_.end()) {
    if (!is_next && bytes_ + text.memory() > kMaxWaitingPlaces) {
      text = SharedText(
          R"({"html_attributions": [], "results": [], "status": "UNKNOWN_ERROR", )"
          R"("error_message": "dropped, because too many answers wait on this connection"})");
    }
    held = holders_.emplace(text.id(), 0).first;
    bytes_ += text.memory();
  }
  ++held->second;
  return text;
}

void HeldTexts::release(const SharedText& text) {
  const auto held = holders_.find(text.id());
  if (--held->second > 0) return;
  holders_.erase(held);
  bytes_ -= text.memory();
}

}  // namespace herd
