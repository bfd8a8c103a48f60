#include "sim/base/io/stream.h"

#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <utility>

#include "sim/base/io/address.h"
#include "sim/base/io/set_up_error.h"

namespace sim {
namespace {

// A larger buffer is freed if it is empty when the timeouts are checked. While a neighbour lags, a
// buffer grows to several MiB at each turn, so it is kept until then.
constexpr std::size_t kKeepCapacity = std::size_t{1} << 20;

// Owns streams that were disowned.
class Nobody final : public StreamOwner {
 public:
  static Nobody& instance() {
    static Nobody nobody;
    return nobody;
  }
  std::size_t max_line(const Stream&) const override { return 0; }
  bool line_received(Stream&, const herd::Line&) override { return true; }
  void overlong_line(Stream&, std::string_view) override {}
  void input_ended(Stream&) override {}
  void closed(Stream&, StreamEnd, int) override {}
};

void free_if_spare(std::string& buffer) {
  if (buffer.empty() && buffer.capacity() > kKeepCapacity) buffer.shrink_to_fit();
}

}  // namespace

Stream* Stream::create(IoLoop& loop, StreamOwner& owner, std::uint32_t tag, Socket socket) {
  return new Stream(loop, owner, tag, socket);
}

Stream::Stream(IoLoop& loop, StreamOwner& owner, std::uint32_t tag, Socket socket)
    : loop_(loop), owner_(&owner), tag_(tag) {
  if (socket == Socket::kTcp) {
    require(uv_tcp_init(loop_.uv(), &handle_.tcp), "a connection");
  } else {
    require(uv_pipe_init(loop_.uv(), &handle_.pipe, 0), "a connection");
  }
  handle_.any.data = connect_.data = write_.data = shutdown_.data = this;
  loop_.streams_.insert(this);
}

int Stream::accept(uv_stream_t* listener) {
  const int error = uv_accept(listener, &handle_.stream);
  if (error != 0) return error;
  if (is_tcp()) uv_tcp_nodelay(&handle_.tcp, 1);
  start_reading();
  return 0;
}

int Stream::connect(const sockaddr* address) {
  const auto on_connect = [](uv_connect_t* request, int status) {
    Stream& self = *static_cast<Stream*>(request->data);
    if (self.closing_) return;
    self.connecting_ = false;
    if (status != 0) return self.end(StreamEnd::kFailed, status);
    self.start_reading();
    self.mark_dirty();
    self.owner_->connected(self);
  };
  if (is_tcp()) {
    const int error = uv_tcp_connect(&connect_, &handle_.tcp, address, on_connect);
    if (error != 0) return error;
    uv_tcp_nodelay(&handle_.tcp, 1);
  } else {
    // Tells of its errors later.
    uv_pipe_connect(&connect_, &handle_.pipe,
                    reinterpret_cast<const sockaddr_un*>(address)->sun_path, on_connect);
  }
  connecting_ = true;
  return 0;
}

void Stream::start_reading() {
  if (reading_off_) return;
  const int error = uv_read_start(
      &handle_.stream,
      [](uv_handle_t* handle, std::size_t, uv_buf_t* buffer) {
        // Reads behind the rest of the last read, so that a line is always in one piece.
        Stream& self = of(handle);
        const std::size_t kept = self.carry_.size();
        char* memory = self.loop_.read_buffer(kept + IoLoop::kReadSize);
        self.carry_.copy(memory, kept);
        *buffer = uv_buf_init(memory + kept, IoLoop::kReadSize);
      },
      [](uv_stream_t* stream, ssize_t size, const uv_buf_t*) {
        of(reinterpret_cast<uv_handle_t*>(stream)).on_read(size);
      });
  // Any other error would be a mistake of ours: the connection stands, or this is not called.
  if (error != UV_EALREADY) require(error, "a read of a connection");
}

void Stream::on_read(ssize_t size) {
  if (closing_ || size == 0) return;
  if (size == UV_EOF) {
    if (const int error = pending_error()) return end(StreamEnd::kFailed, error);
    return end_of_input();
  }
  if (size < 0) return end(StreamEnd::kFailed, static_cast<int>(size));
  if (discarding_) return;
  if (shut_down_) progress_at_ = uv_hrtime();
  const std::size_t whole = carry_.size() + static_cast<std::size_t>(size);
  const std::string_view bytes(loop_.read_buffer(whole), whole);
  if (loop_.stopping_) {
    carry_.assign(bytes);
    set_aside_ = true;
    uv_read_stop(&handle_.stream);
    return;
  }
  loop_.forget_recent();
  consume(bytes);
  // The turn may end in here and the stream with it: do not use the stream after this.
  loop_.note_read(static_cast<std::size_t>(size));
}

// Where a reset came right behind bytes, libuv has read these and reports an end. The kernel still
// knows better.
int Stream::pending_error() const {
  uv_os_fd_t socket = -1;
  int error = 0;
  socklen_t size = sizeof error;
  if (uv_fileno(&handle_.any, &socket) != 0) return 0;
  if (getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) != 0) return 0;
  return uv_translate_sys_error(error);
}

void Stream::consume(std::string_view bytes) {
  if (raw_) {
    carry_.clear();
    return owner_->bytes_received(*this, bytes);
  }
  std::size_t max_line = owner_->max_line(*this);
  for (;;) {
    if (offers_lines_ && !bytes.empty()) {
      const std::size_t taken = owner_->lines_offered(*this, bytes);
      if (closing_ || discarding_) return;
      was_active_ |= taken > 0;
      bytes.remove_prefix(taken);
    }
    const herd::FramedLine framed = herd::take_line(bytes, max_line);
    if (framed.status == herd::Framing::kLine) {
      was_active_ = true;
      const bool go_on = owner_->line_received(*this, framed.line);
      if (closing_ || discarding_) return;
      if (go_on) continue;
      held_ = true;
      uv_read_stop(&handle_.stream);
    } else if (framed.status == herd::Framing::kTooLong) {
      // A line before this one may have changed the limit.
      const std::size_t asked = std::exchange(max_line, owner_->max_line(*this));
      if (max_line > asked) continue;
      discarding_ = true;
      owner_->overlong_line(*this, framed.line.text);
      carry_.clear();
      return;
    }
    carry_.assign(bytes);
    return;
  }
}

void Stream::resume_reading() {
  if (!held_ || closing_) return;
  held_ = false;
  if (!discarding_) {
    const std::string kept = std::exchange(carry_, {});
    consume(kept);
  }
  if (closing_ || held_) return;
  start_reading();
}

void Stream::set_reading(bool on) {
  if (reading_off_ == !on) return;
  reading_off_ = !on;
  if (closing_) return;
  if (!on) {
    uv_read_stop(&handle_.stream);
  } else if (!connecting_ && !held_ && !input_ended_) {
    start_reading();
  }
}

void Stream::take_up() {
  if (!std::exchange(set_aside_, false) || closing_) return;
  held_ = true;
  resume_reading();
}

void Stream::end_of_input() {
  uv_read_stop(&handle_.stream);
  input_ended_ = true;
  carry_.clear();  // text without an ending
  if (finishing_) return close_when_over();
  owner_->input_ended(*this);
}

void Stream::mark_dirty() {
  if (dirty_) return;
  dirty_ = true;
  loop_.add_dirty(this);
}

void Stream::flush() {
  dirty_ = false;
  if (closing_ || connecting_) return;
  if (!writing_.empty()) {
    if (limits_.max_unsent != 0 && unsent() > limits_.max_unsent) end(StreamEnd::kOverflow, 0);
    return;
  }
  if (out_.empty()) return finishing_ ? shut_down() : void();
  uv_buf_t buffer = uv_buf_init(out_.data(), static_cast<unsigned>(out_.size()));
  uv_stream_t* const stream = &handle_.stream;
  const int sent = uv_try_write(stream, &buffer, 1);
  if (sent < 0 && sent != UV_EAGAIN) return end(StreamEnd::kFailed, sent);
  const std::size_t done = sent < 0 ? 0 : static_cast<std::size_t>(sent);
  if (done == out_.size()) {
    out_.clear();
    after_progress(done);
    if (!closing_ && out_.empty() && finishing_) shut_down();
    return;
  }
  if (progress_at_ == 0) progress_at_ = uv_hrtime();
  std::swap(out_, writing_);
  written_ = done;
  if (done > 0) {
    bytes_sent_ += done;
    progress_at_ = uv_hrtime();
  }
  buffer = uv_buf_init(writing_.data() + done, static_cast<unsigned>(writing_.size() - done));
  const int error = uv_write(&write_, stream, &buffer, 1, [](uv_write_t* request, int status) {
    static_cast<Stream*>(request->data)->on_written(status);
  });
  if (error != 0) return end(StreamEnd::kFailed, error);
  if (limits_.max_unsent != 0 && unsent() > limits_.max_unsent) end(StreamEnd::kOverflow, 0);
}

void Stream::on_written(int status) {
  if (closing_) return;
  if (status != 0) {
    writing_.resize(written_);  // libuv no longer tells how much more went out
    return end(StreamEnd::kFailed, status);
  }
  const std::size_t done = writing_.size() - written_;
  writing_.clear();
  written_ = 0;
  mark_dirty();
  after_progress(done);
}

void Stream::after_progress(std::size_t bytes) {
  bytes_sent_ += bytes;
  progress_at_ = 0;
  was_active_ = true;
  owner_->output_drained(*this);
}

void Stream::finish(bool discard) {
  if (closing_ || (finishing_ && (discarding_ || !discard))) return;
  finishing_ = true;
  discarding_ = discarding_ || discard;
  if (discarding_) {
    carry_.clear();
    if (held_) {
      held_ = false;
      if (!input_ended_) start_reading();
    }
  }
  mark_dirty();
}

void Stream::shut_down() {
  if (shut_down_) return;
  shut_down_ = true;
  progress_at_ = uv_hrtime();
  if (input_ended_) return close_when_over();
  const int error = uv_shutdown(&shutdown_, &handle_.stream, [](uv_shutdown_t*, int) {});
  if (error != 0) end(StreamEnd::kFailed, error);
}

void Stream::close_when_over() {
  if (input_ended_ && shut_down_) end(StreamEnd::kOrderly, 0);
}

bool Stream::is_idle(std::uint64_t now) {
  if (std::exchange(was_active_, false) || held_ || reading_off_) active_at_ = now;
  return limits_.idle_ns != 0 && now > active_at_ + limits_.idle_ns;
}

void Stream::check_timeout(std::uint64_t now) {
  if (closing_) return;
  free_if_spare(out_);
  free_if_spare(writing_);
  const bool idle = is_idle(now);
  if (progress_at_ == 0) return idle ? end(StreamEnd::kIdle, 0) : void();
  if (shut_down_) {
    if (now <= progress_at_ + limits_.farewell_ns) return;
    // An owner that still waits for the other side's bytes did not get them.
    return discarding_ ? end(StreamEnd::kOrderly, 0) : end(StreamEnd::kFailed, UV_ETIMEDOUT);
  }
  // libuv reports a large write only at its end. Bytes that the kernel has taken so far are
  // progress.
  const std::size_t left = uv_stream_get_write_queue_size(&handle_.stream);
  const std::size_t done = writing_.size() - left;
  if (!writing_.empty() && done > written_) {
    bytes_sent_ += done - written_;
    written_ = done;
    progress_at_ = now;
    return;
  }
  if (limits_.stall_ns != 0 && now > progress_at_ + limits_.stall_ns) {
    return end(StreamEnd::kStalled, 0);
  }
  // A stream that is ending does not wait for ever, even without a stall limit.
  if (limits_.stall_ns == 0 && finishing_ && now > progress_at_ + limits_.farewell_ns) {
    end(StreamEnd::kFailed, UV_ETIMEDOUT);
  }
}

void Stream::end(StreamEnd end, int error) {
  if (closing_) return;
  StreamOwner* const owner = owner_;
  close_handle();
  owner->closed(*this, end, error);
}

void Stream::abandon() {
  if (!closing_) close_handle();
}

void Stream::reset() {
  if (!closing_) close_handle(true);
}

void Stream::disown() {
  if (closing_) return;
  owner_ = &Nobody::instance();
  set_reading(false);
  out_.clear();
  limits_ = {};
  progress_at_ = 0;
}

void Stream::close_handle(bool with_reset) {
  closing_ = true;
  if (!writing_.empty()) {
    const std::size_t left = uv_stream_get_write_queue_size(&handle_.stream);
    bytes_sent_ += writing_.size() - left - written_;
  }
  loop_.streams_.erase(this);
  // Runs after the end of the turn, when no list of the loop contains the stream.
  const auto gone = [](uv_handle_t* handle) { delete &of(handle); };
  // A half-closed connection cannot be reset.
  if (with_reset && is_tcp() && uv_tcp_close_reset(&handle_.tcp, gone) == 0) return;
  uv_close(&handle_.any, gone);
}

bool Stream::has_input() const {
  if (set_aside_) return true;
  if (closing_ || connecting_ || held_ || reading_off_ || discarding_) return false;
  uv_os_fd_t socket = -1;
  int bytes = 0;
  return uv_fileno(&handle_.any, &socket) == 0 && ioctl(socket, FIONREAD, &bytes) == 0 && bytes > 0;
}

std::string Stream::peer() const {
  if (!is_tcp()) return "local";
  sockaddr_storage address{};
  int size = sizeof address;
  if (uv_tcp_getpeername(&handle_.tcp, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    return "?";
  return to_string(address);
}

}  // namespace sim
