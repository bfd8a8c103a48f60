#include "sim/base/process/last_words.h"

#include <jansson.h>
#include <signal.h>
#include <unistd.h>
#include <uv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <new>

#include "sim/base/process/libuv_abort.h"

namespace sim {
namespace {

const char* program_name = "";
int status_at_end = EXIT_FAILURE;

// Needs no memory and no lock.
[[noreturn]] void end_because(const char* why) {
  std::array<char, 512> text{};
  const int size =
      std::snprintf(text.data(), text.size(), "%s: cannot go on: %s\n", program_name, why);
  const auto shown =
      static_cast<std::size_t>(std::clamp(size, 0, static_cast<int>(text.size()) - 1));
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text.data(), shown);
  ::_exit(status_at_end);
}

[[noreturn]] void on_terminate() {
  const std::exception_ptr error = std::current_exception();
  if (error == nullptr) std::abort();  // a mistake in the program, for a debugger to see
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& known) {
    end_because(words_of(known));
  } catch (...) {
    end_because("unknown error");
  }
}

void on_abort(int) {
  const int error = errno;
  if (!libuv_called_abort()) {
    // The process ends by the signal, once it comes again after this function. The calls refuse
    // nothing here.
    static_cast<void>(std::signal(SIGABRT, SIG_DFL));
    static_cast<void>(std::raise(SIGABRT));
    return;
  }
  std::array<char, 256> why{};
  std::snprintf(why.data(), why.size(), "the event loop gave up: %s", uv_strerror(-error));
  end_because(why.data());
}

void end_with_words_if_libuv_aborts() {
  prepare_for_libuv_abort();
  struct sigaction action {};
  action.sa_handler = on_abort;
  // It refuses no handler of this signal.
  static_cast<void>(::sigaction(SIGABRT, &action, nullptr));
}

void* checked(void* memory, std::size_t size) {
  if (memory == nullptr && size > 0) end_because("out of memory");
  return memory;
}

void* allocate(std::size_t size) { return checked(std::malloc(size), size); }

void* allocate_zeroed(std::size_t count, std::size_t size) {
  return checked(std::calloc(count, size), std::min(count, size));
}

void* reallocate(void* memory, std::size_t size) {
  return checked(std::realloc(memory, size), size);
}

}  // namespace

void end_with_last_words(const char* program, int exit_status) {
  program_name = program;
  status_at_end = exit_status;
  std::set_terminate(on_terminate);
  end_with_words_if_libuv_aborts();
  json_set_alloc_funcs(allocate, std::free);
  // It refuses none but null functions.
  static_cast<void>(uv_replace_allocator(allocate, reallocate, allocate_zeroed, std::free));
}

const char* words_of(const std::exception& error) {
  return dynamic_cast<const std::bad_alloc*>(&error) != nullptr ? "out of memory" : error.what();
}

}  // namespace sim
