// A text that several owners share, with one part of it left out. So one body from Places serves
// all clients that asked for it, however many results each of them wants.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace herd {

class SharedText {
 public:
  SharedText() : SharedText(std::string()) {}
  explicit SharedText(std::string text)
      : text_(std::make_shared<const std::string>(std::move(text))) {}
  // Leaves out what is in [cut_begin, cut_end). Precondition: cut_begin <= cut_end <= text->size().
  SharedText(std::shared_ptr<const std::string> text, std::size_t cut_begin, std::size_t cut_end)
      : text_(std::move(text)), cut_begin_(cut_begin), cut_end_(cut_end) {}

  // The text is head() and then tail().
  std::string_view head() const { return std::string_view(*text_).substr(0, cut_begin_); }
  std::string_view tail() const { return std::string_view(*text_).substr(cut_end_); }
  std::string str() const { return std::string(head()).append(tail()); }
  // Returns the number of bytes in memory, also those that are left out.
  std::size_t memory() const { return text_->size(); }
  // The same for all that share the text, and for no other one while one of them exists.
  const void* id() const { return text_.get(); }

 private:
  std::shared_ptr<const std::string> text_;  // never null
  std::size_t cut_begin_ = 0, cut_end_ = 0;
};

}  // namespace herd
