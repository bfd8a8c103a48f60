#include "sim/base/process/file_tail.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "sim/base/io/set_up_error.h"

namespace sim {
namespace {

constexpr std::size_t kMaxLine = std::size_t{64} << 10;

}  // namespace

FileTail::FileTail(IoLoop& loop, std::filesystem::path file,
                   std::function<void(std::string_view)> on_line)
    : file_(std::move(file)), on_line_(std::move(on_line)), watch_(this), lines_(kMaxLine) {
  require(uv_fs_event_init(loop.uv(), watch_.get()), "a watch for a file");
}

std::optional<Error> FileTail::start() {
  const std::filesystem::path folder = file_.has_parent_path() ? file_.parent_path() : ".";
  // Watches the folder, because the file may not exist yet or may be replaced.
  const int error = uv_fs_event_start(
      watch_.get(),
      [](uv_fs_event_t* watch, const char* name, int, int) {
        auto* const tail = static_cast<FileTail*>(watch->data);
        if (name == nullptr || tail->file_.filename() == name) tail->look();
      },
      folder.c_str(), 0);
  if (error != 0) return uv_failure("cannot watch the folder of " + file_.string(), error);
  fd_.reset(::open(file_.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd_.is_open()) read_ = std::max<off_t>(0, ::lseek(fd_.get(), 0, SEEK_END));
  return std::nullopt;
}

void FileTail::look() {
  if (fd_.is_open()) read_on();
  if (fd_.is_open() && is_open_file()) return;
  fd_.reset(::open(file_.c_str(), O_RDONLY | O_CLOEXEC));
  read_ = 0;
  lines_ = LineCutter(kMaxLine);
  if (fd_.is_open()) read_on();
}

void FileTail::finish() {
  look();
  lines_.finish(on_line_);
}

bool FileTail::is_open_file() const {
  struct stat named {};
  struct stat open {};
  // If the name is gone, the open file is read until another file has the name.
  if (::stat(file_.c_str(), &named) != 0 || ::fstat(fd_.get(), &open) != 0) return true;
  return named.st_dev == open.st_dev && named.st_ino == open.st_ino;
}

void FileTail::read_on() {
  struct stat now {};
  if (::fstat(fd_.get(), &now) != 0) return;
  if (now.st_size < read_) {
    read_ = 0;
    lines_ = LineCutter(kMaxLine);
  }
  std::array<char, 16384> buffer;
  ssize_t size = 0;
  while ((size = ::pread(fd_.get(), buffer.data(), buffer.size(), read_)) > 0) {
    read_ += size;
    lines_.feed(std::string_view(buffer.data(), static_cast<std::size_t>(size)), on_line_);
  }
}

}  // namespace sim
