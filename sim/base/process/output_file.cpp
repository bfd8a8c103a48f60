#include "sim/base/process/output_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace sim {

std::optional<Error> OutputFile::open(const std::string& path, std::uint64_t max_bytes) {
  file_.reset(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0666));
  if (!file_.is_open()) {
    return uv_failure(path + ": cannot be opened", uv_translate_sys_error(errno));
  }
  path_ = path;
  max_bytes_ = left_ = max_bytes;
  at_line_start_ = true;
  return std::nullopt;
}

void OutputFile::write(std::string_view bytes) {
  if (!file_.is_open() || bytes.empty()) return;
  const std::string_view kept = bytes.substr(0, std::min<std::uint64_t>(bytes.size(), left_));
  put(kept);
  left_ -= kept.size();
  if (!kept.empty()) at_line_start_ = kept.back() == '\n';
  if (kept.size() == bytes.size()) return;
  put((at_line_start_ ? "" : "\n") + std::string("herdsim: the output beyond ") +
      std::to_string(max_bytes_) + " bytes is not kept\n");
  file_.reset();
}

void OutputFile::put(std::string_view bytes) {
  while (!bytes.empty() && !error_) {
    const ssize_t written = ::write(file_.get(), bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      error_ = uv_failure(path_ + ": cannot be written", uv_translate_sys_error(errno));
    }
  }
}

}  // namespace sim
