// A libuv loop and the parts that its connections share: the read buffer, the list of streams with
// output, and actions deferred until the current callback has returned.
//
// A turn of the loop runs the callbacks of everything that is ready, then the deferred actions,
// then one write per connection with output, those that go first before the others. Only the thread
// that runs the loop may use it.
#pragma once

#include <uv.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <unordered_set>
#include <vector>

namespace sim {

class Stream;

class IoLoop {
 public:
  // Throws SetUpError.
  IoLoop();
  // Closes all remaining streams and handles, and runs the loop until they are gone.
  ~IoLoop();
  IoLoop(const IoLoop&) = delete;
  IoLoop& operator=(const IoLoop&) = delete;

  uv_loop_t* uv() { return &loop_; }
  // Runs until stop(). Ends the program if a callback throws: no exception may cross libuv.
  void run() noexcept;  // NOLINT(bugprone-exception-escape)
  // Ends run() after the current turn. Input that still arrives in this turn, which may be long, is
  // kept for the next run(). Only the loop's thread may call it.
  void stop() {
    stopping_ = true;
    uv_stop(&loop_);
  }

  // Returns a number that grows from turn to turn. Two events with the same number had no wait
  // between them.
  std::uint64_t turn() const { return turn_; }

  // Read the monotonic clock, on the scale of uv_hrtime(). now_ns() is exact. Up to kLinesAReading
  // calls of recent_ns() in one turn share a reading, because a reading costs as much as half the
  // work for a line. Both never go backwards.
  static constexpr int kLinesAReading = 8;
  std::uint64_t now_ns();
  std::uint64_t recent_ns();

  // Returns true if a timer may keep the loop awake for `ns` nanoseconds to be on time. All timers
  // together may use a quarter of the thread's time, and 5 ms at once.
  bool may_poll(std::uint64_t ns);
  void note_polled(std::uint64_t ns) { poll_allowance_ -= static_cast<std::int64_t>(ns); }

  // Runs `action` later in this turn, outside of any callback.
  void defer(std::function<void()> action);

 private:
  friend class Stream;
  static constexpr std::size_t kReadSize = std::size_t{64} * 1024;
  static constexpr std::size_t kReadPerTurn = std::size_t{1} << 20;
  static constexpr std::uint64_t kSweepMs = 250;
  static constexpr std::int64_t kPollAtOnce = 5'000'000;

  // Counts bytes read in this turn. libuv may deliver the bytes of thousands of sockets before a
  // turn ends. Beyond a limit the loop ends the turn at once, so that the answers go out.
  void note_read(std::size_t bytes);
  // Makes recent_ns() read the clock again, because newer input may arrive now.
  void forget_recent() { recent_turn_ = 0; }
  void add_dirty(Stream* stream) { dirty_.push_back(stream); }
  char* read_buffer(std::size_t size);
  void end_turn();
  void sweep();

  uv_loop_t loop_{};
  uv_prepare_t prepare_{};
  uv_check_t check_{};
  uv_timer_t sweep_{};
  std::uint64_t turn_ = 1;  // grows before every wait
  std::uint64_t recent_ns_ = 0, recent_turn_ = 0;
  int shared_ = 0;
  std::int64_t poll_allowance_ = kPollAtOnce;
  std::uint64_t poll_granted_ns_ = 0;  // time up to which the allowance has grown
  std::size_t read_in_turn_ = 0;
  bool ending_turn_ = false;
  bool stopping_ = false;
  std::vector<char> read_buffer_;
  std::vector<Stream*> dirty_, flushing_;
  std::vector<std::function<void()>> deferred_, running_;
  std::unordered_set<Stream*> streams_;
};

}  // namespace sim
