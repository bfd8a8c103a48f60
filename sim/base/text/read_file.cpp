#include "sim/base/text/read_file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <system_error>
#include <utility>

#include "sim/base/io/owned_fd.h"

namespace sim {
namespace {

using Text = herd::Result<std::string, FileFault>;

struct FileClose {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

std::string cannot_read(int error) {
  return "cannot be read: " + std::generic_category().message(error);
}

std::string too_large(std::size_t most) {
  constexpr std::size_t kMib = std::size_t{1} << 20U;
  const bool in_mib = most % kMib == 0;
  return "is larger than " + std::to_string(in_mib ? most / kMib : most) +
         (in_mib ? " MiB" : " bytes");
}

// Opens without waiting for the other end of a pipe.
OwnedFd open_to_read(const std::string& file) {
  return OwnedFd(::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
}

// `fd` is what opening a file for reading gave.
std::optional<std::string> why_not_regular(const OwnedFd& fd, std::size_t most) {
  struct stat info {};
  if (!fd.is_open() || ::fstat(fd.get(), &info) != 0) return cannot_read(errno);
  if (S_ISDIR(info.st_mode)) return cannot_read(EISDIR);
  if (!S_ISREG(info.st_mode)) return "is not a regular file";
  if (static_cast<std::uint64_t>(info.st_size) > most) return too_large(most);
  return std::nullopt;
}

Text read_all(int fd, std::size_t most) {
  std::string text;
  std::array<char, 65536> buffer{};
  for (;;) {
    const ssize_t got = ::read(fd, buffer.data(), buffer.size());
    if (got == 0) return text;
    if (got > 0) {
      text.append(buffer.data(), static_cast<std::size_t>(got));
      if (text.size() > most) return FileFault{too_large(most)};
      continue;
    }
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return FileFault{cannot_read(errno)};
    pollfd waited{fd, POLLIN, 0};
    ::poll(&waited, 1, -1);
  }
}

}  // namespace

std::optional<std::string> read_file(const std::string& file) {
  const std::unique_ptr<std::FILE, FileClose> stream(std::fopen(file.c_str(), "rb"));
  if (stream == nullptr) return std::nullopt;
  std::string text;
  std::array<char, 65536> buffer{};
  while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), stream.get())) {
    text.append(buffer.data(), got);
  }
  if (std::ferror(stream.get()) != 0) return std::nullopt;
  return text;
}

Text read_regular_file(const std::string& file, std::size_t most) {
  const OwnedFd fd = open_to_read(file);
  if (auto why = why_not_regular(fd, most)) return FileFault{std::move(*why)};
  return read_all(fd.get(), most);
}

std::optional<std::string> check_regular_file(const std::string& file, std::size_t most) {
  return why_not_regular(open_to_read(file), most);
}

Text read_named_input(const std::string& file, std::size_t most) {
  if (file == "-") return read_all(STDIN_FILENO, most);
  const OwnedFd fd = open_to_read(file);
  if (!fd.is_open()) return FileFault{cannot_read(errno)};
  return read_all(fd.get(), most);
}

}  // namespace sim
