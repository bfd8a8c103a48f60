// One connection on an IoLoop, over TCP or a UNIX socket: cuts what comes into lines without
// copying them, or hands it in as it comes, gathers what goes out and writes it once a turn, and
// closes without losing what was said.
//
// A stream owns itself: it lives until its owner is told closed(), and must not be used after.
// Owners are called from the loop, never from within a call to the stream. The loop's thread only.
#pragma once

#include <uv.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/framing.h"
#include "sim/base/io/io_loop.h"

namespace sim {

class Stream;

enum class StreamEnd {
  kOrderly,   // both endpoints had sent everything
  kFailed,    // the connection broke, or was never made
  kStalled,   // the other endpoint took nothing for too long
  kIdle,      // no complete line came, and nothing was sent, for too long
  kOverflow,  // more than the allowed bytes were unsent
};

class StreamOwner {
 public:
  virtual ~StreamOwner() = default;
  // The connection stands that connect() asked for.
  virtual void connected(Stream&) {}
  // Returns the longest line that may come. It never becomes shorter.
  virtual std::size_t max_line(const Stream& stream) const = 0;
  // A line came. Returns whether to read another one; if not, resume_reading() goes on.
  virtual bool line_received(Stream& stream, const herd::Line& line) = 0;
  // Lines, or parts of lines, came on a stream that offers them. Takes complete lines from the
  // beginning of the bytes, and returns the number of bytes that it has taken. The stream cuts the
  // line behind them and then offers the rest.
  virtual std::size_t lines_offered(Stream&, std::string_view /*bytes*/) { return 0; }
  // Bytes came on a raw stream. The view holds for the call only.
  virtual void bytes_received(Stream&, std::string_view) {}
  // A line was too long. The stream drops the rest of the input.
  virtual void overlong_line(Stream& stream, std::string_view first_bytes) = 0;
  // The other endpoint will send no more.
  virtual void input_ended(Stream& stream) = 0;
  // The output has been sent: there is room for more, and a stream that was held back may be read
  // again.
  virtual void output_drained(Stream&) {}
  // The connection is gone. `error` is libuv's, or 0.
  virtual void closed(Stream& stream, StreamEnd end, int error) = 0;
};

class Stream {
 public:
  struct Limits {
    std::uint64_t stall_ns = 0;  // close if unsent bytes make no progress for this time; 0: never
    std::size_t max_unsent = 0;  // close if more is unsent at the end of a turn; 0: never
    // The time that the other endpoint has to end after this one.
    std::uint64_t farewell_ns = 5'000'000'000;
    // Close if no complete line comes and nothing goes out for this time; 0: never.
    std::uint64_t idle_ns = 0;
  };

  enum class Socket { kTcp, kUnix };
  // Returns what a listener's or an address's connections run over.
  static Socket socket_of(const uv_stream_t* listener) {
    return listener->type == UV_NAMED_PIPE ? Socket::kUnix : Socket::kTcp;
  }
  static Socket socket_of(const sockaddr_storage& address) {
    return address.ss_family == AF_UNIX ? Socket::kUnix : Socket::kTcp;
  }

  // `tag` is a number of the owner's choice.
  static Stream* create(IoLoop& loop, StreamOwner& owner, std::uint32_t tag,
                        Socket socket = Socket::kTcp);

  // Takes a connection that waits at the listener, or dials. Returns libuv's error; 0 is none.
  // The listener and the address must be of the stream's kind of socket.
  int accept(uv_stream_t* listener);
  int connect(const sockaddr* address);

  // Adds text to the output of this turn.
  void write(std::string_view text, std::string_view ending) {
    out_.append(text);
    if (!ending.empty()) out_.append(ending);
    if (!dirty_) mark_dirty();
  }
  // Sends the remaining output and then ends it (a half-close). Until the other endpoint ends too,
  // drops its input (`discard`) or still passes on its lines. Then closes, or closes when the other
  // endpoint does not end in time. A second call may still set `discard`.
  void finish(bool discard);
  // Closes at once. Unsent and unread bytes are lost. Does not call closed().
  void abandon();
  // The same with a reset (RST): the other side is told that the connection broke. A UNIX socket
  // has no reset, and is closed.
  void reset();
  // Detaches the owner. The stream then does nothing until abandon(), and the other endpoint sees
  // no end.
  void disown();

  void resume_reading();
  // If `on` is false, reads nothing until it is set to true.
  void set_reading(bool on);
  void set_limits(Limits limits) { limits_ = limits; }
  void set_tag(std::uint32_t tag) { tag_ = tag; }
  // From now on, what it has written in a turn goes out before the output of other streams.
  void set_first() { first_ = true; }
  // From now on, offers lines to its owner before it cuts them.
  void offer_lines() { offers_lines_ = true; }
  // From now on, passes on bytes as they come instead of lines.
  void set_raw() { raw_ = true; }

  std::uint32_t tag() const { return tag_; }
  // Returns whether something has come that the owner is given as soon as the loop turns.
  bool has_input() const;
  std::size_t unsent() const { return out_.size() + writing_.size() - written_; }
  std::uint64_t bytes_sent() const { return bytes_sent_; }
  // Returns the other end's address, as 127.0.0.1:40000; of a UNIX socket, "local".
  std::string peer() const;

 private:
  friend class IoLoop;
  Stream(IoLoop& loop, StreamOwner& owner, std::uint32_t tag, Socket socket);
  ~Stream() = default;

  static Stream& of(uv_handle_t* handle) { return *static_cast<Stream*>(handle->data); }
  bool is_tcp() const { return handle_.any.type == UV_TCP; }
  void start_reading();
  void on_read(ssize_t size);
  // Returns libuv's error if the connection broke and nobody was told of it yet; 0 is none.
  int pending_error() const;
  void consume(std::string_view bytes);
  // Passes on the input that came while the loop was stopping, and resumes reading.
  void take_up();
  void end_of_input();
  void mark_dirty();
  void flush();
  void on_written(int status);
  void after_progress(std::size_t bytes);
  void shut_down();
  void close_when_over();
  void check_timeout(std::uint64_t now);
  bool is_idle(std::uint64_t now);
  void end(StreamEnd end, int error);
  void close_handle(bool with_reset = false);

  IoLoop& loop_;
  StreamOwner* owner_;
  std::uint32_t tag_;
  Limits limits_;
  union {
    uv_pipe_t pipe;  // the largest, so that all of it is cleared
    uv_tcp_t tcp;
    uv_stream_t stream;
    uv_handle_t any;
  } handle_{};
  uv_connect_t connect_{};
  uv_write_t write_{};
  uv_shutdown_t shutdown_{};
  std::string carry_;    // read but not passed on: the beginning of a line, or held lines
  std::string out_;      // to be written
  std::string writing_;  // being written by libuv, from written_ on
  std::size_t written_ = 0;
  std::uint64_t bytes_sent_ = 0;
  std::uint64_t progress_at_ = 0;  // of the output, or of the farewell
  std::uint64_t active_at_ = 0;    // about when a line last came or output went out
  bool was_active_ = true;         // since the last check of the timeouts
  bool connecting_ = false, dirty_ = false, held_ = false, discarding_ = false;
  bool set_aside_ = false, raw_ = false, first_ = false, offers_lines_ = false;
  bool reading_off_ = false;
  bool input_ended_ = false, finishing_ = false, shut_down_ = false, closing_ = false;
};

}  // namespace sim
