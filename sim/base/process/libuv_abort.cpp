#include "sim/base/process/libuv_abort.h"

#include <dlfcn.h>
#include <execinfo.h>

#include <array>
#include <cstring>

namespace sim {
namespace {

constexpr int kMostFrames = 32;

// The addresses at which the libraries begin; null if unknown.
const void* libc = nullptr;
const void* libuv = nullptr;

Dl_info look_up(const void* address) {
  Dl_info info{};
  if (::dladdr(address, &info) == 0) info = {};
  return info;
}

const void* library_of(const char* function) {
  return look_up(::dlsym(RTLD_DEFAULT, function)).dli_fbase;
}

}  // namespace

void prepare_for_libuv_abort() {
  libc = library_of("abort");
  libuv = library_of("uv_run");
  // In a program that is linked statically, its own calls look the same.
  if (libuv == look_up(reinterpret_cast<const void*>(&prepare_for_libuv_abort)).dli_fbase) {
    libuv = nullptr;
  }
  std::array<void*, kMostFrames> frames{};
  ::backtrace(frames.data(), kMostFrames);  // the first call loads a library
}

bool libuv_called_abort() {
  if (libc == nullptr || libuv == nullptr) return false;
  std::array<void*, kMostFrames> frames{};
  const int count = ::backtrace(frames.data(), kMostFrames);
  // From the innermost: this handler, the C library's raise() and abort(), and who called them.
  bool is_in_libc = false;
  for (int i = 0; i < count; ++i) {
    // A return address may lie behind the end of the function that called.
    const Dl_info at =
        look_up(static_cast<const char*>(frames.at(static_cast<std::size_t>(i))) - 1);
    if (at.dli_fbase == libc) {
      is_in_libc = true;
      if (at.dli_sname != nullptr && std::strcmp(at.dli_sname, "__assert_fail") == 0) return false;
    } else if (is_in_libc) {
      return at.dli_fbase == libuv;
    }
  }
  return false;
}

}  // namespace sim
