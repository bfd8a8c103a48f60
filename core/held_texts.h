// The answers from Places that a server keeps for one client, because they wait behind an answer
// that is not complete yet or that the client does not read. Their bytes are bounded, whatever
// Places sends. A text that several answers share counts once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include "core/shared_text.h"

namespace herd {

class HeldTexts {
 public:
  // Returns the text to keep: `text`, or a failure in its place if there is no room for it. There
  // is always room for the answer that goes out next (`is_next`).
  SharedText hold(SharedText text, bool is_next);
  // The text has been sent. Precondition: hold() returned it.
  void release(const SharedText& text);

  std::size_t bytes() const { return bytes_; }

 private:
  std::unordered_map<const void*, std::uint32_t> holders_;  // by text: the number of answers
  std::size_t bytes_ = 0;
};

}  // namespace herd
