#include "sim/worlds/live/herd_secret.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "sim/base/io/owned_fd.h"

namespace sim {
namespace {

constexpr std::string_view kStandardInput = "-";

OwnedFd open_secret(const std::string& file) {
  if (file == kStandardInput) return OwnedFd(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0));
  // Does not wait for the writer of a FIFO.
  return OwnedFd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
}

// Returns what is wrong with the file; empty if nothing is.
std::string problem_of(const struct stat& file) {
  if (!S_ISREG(file.st_mode)) return "is not a regular file";
  if (file.st_uid != ::geteuid() && file.st_uid != 0) {
    return "belongs to another user (chown it to the user who runs this program)";
  }
  if ((file.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return fmt::format(
        "may be used by others than its owner (mode {:04o}; right is 0600: chmod 600)",
        file.st_mode & 07777);
  }
  return "";
}

// Returns the bytes up to the end of the first line, perhaps with some after it, and at most a few
// more than kMaxSecret; or the reason why they cannot be read.
herd::Result<std::string, Error> read_first_line(const OwnedFd& fd) {
  std::string text(kMaxSecret + 2, '\0');  // and its ending
  std::size_t size = 0;
  while (size < text.size() && text.find('\n') >= size) {
    const ssize_t got = ::read(fd.get(), text.data() + size, text.size() - size);
    if (got == 0) break;
    if (got > 0) {
      size += static_cast<std::size_t>(got);
    } else if (errno == EAGAIN) {
      pollfd waited{fd.get(), POLLIN, 0};
      ::poll(&waited, 1, -1);
    } else if (errno != EINTR) {
      return Error{std::strerror(errno)};
    }
  }
  text.resize(size);
  return text;
}

}  // namespace

std::string to_hex(const unsigned char* bytes, std::size_t size) {
  std::string text(2 * size + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), bytes, size);
  text.pop_back();
  return text;
}

std::string random_hex() {
  std::array<unsigned char, 32> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  return to_hex(bytes.data(), bytes.size());
}

herd::SipKey random_hash_key() {
  herd::SipKey key;
  randombytes_buf(&key.first, sizeof key.first);
  randombytes_buf(&key.second, sizeof key.second);
  return key;
}

herd::Result<std::string, Error> read_secret(const std::string& file) {
  const OwnedFd fd = open_secret(file);
  struct stat status {};
  if (!fd.is_open() || ::fstat(fd.get(), &status) != 0) {
    return Error{file + ": cannot be read: " + std::strerror(errno)};
  }
  // Of a pipe, nobody knows but those at its ends.
  if (file != kStandardInput || S_ISREG(status.st_mode)) {
    const std::string problem = problem_of(status);
    if (!problem.empty()) return Error{file + ": " + problem};
  }
  const auto text = read_first_line(fd);
  if (!text) return Error{file + ": cannot be read: " + text.error().message};
  std::string secret = text->substr(0, text->find('\n'));
  if (secret.ends_with('\r')) secret.pop_back();
  if (secret.empty()) return Error{file + ": holds no secret (its first line is the secret)"};
  if (secret.size() < kMinSecret || secret.size() > kMaxSecret) {
    return Error{fmt::format(
        "{}: the secret has {} {} bytes (right is {} to {}, as from: openssl "
        "rand -hex 32)",
        file, secret.size() > kMaxSecret ? "more than" : "only",
        secret.size() > kMaxSecret ? kMaxSecret : secret.size(), kMinSecret, kMaxSecret)};
  }
  return secret;
}

}  // namespace sim
