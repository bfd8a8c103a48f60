#include "sim/app/cli/text_sink.h"

#include <fmt/format.h>

#include <cerrno>
#include <system_error>

namespace sim {

TextSink::TextSink(const std::string& file) : file_(file) {
  if (file.empty()) return;
  owned_.reset(std::fopen(file.c_str(), "wb"));
  stream_ = owned_.get();
  if (stream_ == nullptr) fail("created");
}

bool TextSink::write(std::string& text) {
  if (!error_.empty()) return false;
  if (std::fwrite(text.data(), 1, text.size(), stream_) != text.size()) fail("written");
  text.clear();
  return error_.empty();
}

std::string TextSink::finish() {
  if (error_.empty() && std::fflush(stream_) != 0) fail("written");
  if (std::FILE* const file = owned_.release(); file != nullptr && std::fclose(file) != 0) {
    fail("written");
  }
  return error_;
}

void TextSink::fail(const char* what) {
  if (!error_.empty()) return;
  error_ = fmt::format("{}: cannot be {}: {}", file_.empty() ? "standard output" : file_, what,
                       std::generic_category().message(errno));
}

}  // namespace sim
