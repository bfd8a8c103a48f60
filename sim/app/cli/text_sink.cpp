#include "sim/app/cli/text_sink.h"

#include <fmt/format.h>

#include <cerrno>
#include <system_error>

#include "sim/base/io/create_file.h"

namespace sim {

TextSink::TextSink(const std::string& file) : file_(file == kStandardOutput ? "" : file) {
  if (file_.empty()) return;
  OwnedFd fd = open_named_output(file);
  if (fd.is_open()) owned_.reset(::fdopen(fd.get(), "wb"));
  stream_ = owned_.get();
  if (stream_ == nullptr) {
    fail("created");
  } else {
    static_cast<void>(fd.release());  // the stream closes it
  }
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
