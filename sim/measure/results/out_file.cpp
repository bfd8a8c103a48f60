#include "sim/measure/results/out_file.h"

#include <unistd.h>

#include <cerrno>
#include <utility>

#include "sim/base/io/create_file.h"

namespace sim {
namespace {

constexpr std::size_t kBufferSize = 262'144;

}  // namespace

OutFile::OutFile(std::filesystem::path path) : path_(std::move(path)) {
  fd_ = create_file(path_).release();
  if (fd_ < 0) {
    fail("cannot be created", errno);
    return;
  }
  buffer_.reserve(kBufferSize);
}

OutFile::~OutFile() { close(); }

void OutFile::write(std::string_view bytes) {
  if (error_) return;
  if (buffer_.size() + bytes.size() > kBufferSize) flush();
  buffer_.append(bytes);
}

std::optional<FileError> OutFile::close() {
  if (fd_ >= 0) {
    flush();
    // Some file systems (NFS, quotas) report a full disk only here. Linux closes the file even if
    // close() fails, so there must be no second attempt.
    if (::close(std::exchange(fd_, -1)) != 0 && errno != EINTR) fail("cannot be closed", errno);
  }
  return error_;
}

void OutFile::flush() {
  std::string_view rest = buffer_;
  while (!rest.empty() && !error_) {
    const ssize_t written = ::write(fd_, rest.data(), rest.size());
    if (written >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      fail("cannot be written", errno);
    }
  }
  buffer_.clear();
}

void OutFile::fail(std::string_view what, int number) {
  if (!error_) error_ = system_error(path_, what, number);
}

}  // namespace sim
