// TCP in virtual time: each direction of a connection is a pipe. Pieces come out in the order in
// which they went in, at the time that the link model gives. A pipe can hold its pieces, and lose
// them.
//
// Reports travel as values: all pieces in flight of one report share it, and count the bytes that
// their line has. In text mode the receiver reads them from that line.
//
// One thread, the loop's.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/framing.h"
#include "core/prefetch_memory.h"
#include "core/record.h"
#include "core/time.h"
#include "sim/base/free_places.h"
#include "sim/base/huge_pages.h"
#include "sim/base/ring_queue.h"
#include "sim/worlds/net/link_model.h"
#include "sim/worlds/virtual/virtual_loop.h"

namespace sim {

using PipeId = std::uint32_t;
inline constexpr PipeId kNoPipe = 0xffff'ffff;

// The destination of a pipe: a connection of a server, or of a client.
struct PipeEnd {
  static constexpr std::uint32_t kClient = 0xffff'ffff;  // as the server
  static constexpr std::uint32_t kNoLink = 0xffff'ffff;  // as the link

  std::uint32_t server = kClient;
  std::uint32_t connection = 0;  // herd::ConnectionId of the server, or sim::ClientConnection
  std::uint32_t link = kNoLink;  // herd::NeighborId of the server, once the connection is proven
  std::uint32_t counts = 0;      // those of the link, see ReportPrefetch
  bool is_client() const { return server == kClient; }
};

// A piece of what a pipe carries: a report, text, or the sender's end.
class Piece {
 public:
  enum class Kind : std::uint8_t { kReport, kText, kEnd };
  Piece() = default;
  Piece(Kind kind, std::uint32_t place) : bits_(static_cast<std::uint32_t>(kind) << 30 | place) {}
  explicit Piece(std::uint32_t bits) : bits_(bits) {}
  Kind kind() const { return static_cast<Kind>(bits_ >> 30); }
  // The number of the report or text among those in flight, less than 2^28.
  std::uint32_t place() const { return bits_ & 0x0fff'ffff; }
  // How often its pipe had lost its pieces when this one was sent, modulo 4.
  std::uint32_t epoch() const { return bits_ >> 28 & 3; }
  Piece in_epoch(std::uint32_t epoch) const { return Piece(bits_ | (epoch & 3) << 28); }
  std::uint32_t bits() const { return bits_; }

 private:
  std::uint32_t bits_ = 0;
};

class PipeReceiver {
 public:
  virtual ~PipeReceiver() = default;
  // A piece has come out. The receiver calls done() for it, now or later.
  virtual void arrived(PipeId pipe, PipeEnd end, Piece piece) = 0;
  // Prefetches memory for a report that will come out soon. Has no other effect.
  virtual void prefetch_report(PipeEnd end, const herd::KeptReport& report) = 0;
};

// How long pieces take to come out: a latency, or what a model says. One word of memory.
class PipePath {
 public:
  explicit PipePath(Duration latency)
      : bits_(static_cast<std::uint64_t>(latency.count()) << 1 | 1) {}
  // The model must outlive the path.
  explicit PipePath(LinkModel& model) : bits_(std::bit_cast<std::uintptr_t>(&model)) {}
  Passage pass(herd::Instant now, std::size_t bytes) const {
    if ((bits_ & 1) != 0) return {now, Duration(static_cast<std::int64_t>(bits_ >> 1))};
    return model()->pass(now, bytes);
  }
  // Returns the latency if the path has nothing else.
  std::optional<Duration> plain_latency() const {
    if ((bits_ & 1) == 0) return std::nullopt;
    return Duration(static_cast<std::int64_t>(bits_ >> 1));
  }
  // Precondition: it is a latency.
  herd::Instant arrival(herd::Instant sent) const {
    return sent + Duration(static_cast<std::int64_t>(bits_ >> 1));
  }
  herd::Instant room_at(std::size_t bytes) const {
    return (bits_ & 1) != 0 ? herd::Instant::min() : model()->room_at(bytes);
  }
  // Prefetches the model, if there is one.
  void prefetch() const {
    if ((bits_ & 1) != 0) return;
    const char* const begin = reinterpret_cast<const char*>(model());
    herd::prefetch_memory(begin, begin + LinkModel::kFirstBytes);
  }
  // Returns whether pieces may have to wait for bandwidth.
  bool has_queue() const { return (bits_ & 1) == 0 && model()->has_bandwidth(); }

 private:
  LinkModel* model() const { return std::bit_cast<LinkModel*>(static_cast<std::uintptr_t>(bits_)); }
  static_assert(alignof(LinkModel) > 1, "its addresses leave the lowest bit free");
  std::uint64_t bits_;
};

class Pipes final : private VirtualEventHandler {
 private:
  struct SharedReport {
    SharedReport(const herd::RecordView& report, std::uint32_t client_hash)
        : record(report, client_hash) {}
    herd::Record record;
    herd::RecordView view;   // of the record: made once for all its pieces
    std::uint32_t hash = 0;  // of its line, for the trace
    std::uint32_t pieces = 0;
    std::uint32_t bytes() const {
      return static_cast<std::uint32_t>(view.line.size() + herd::kLinkEnding.size());
    }
  };

 public:
  // `as_text`: how receivers are to read reports. Both others must outlive the pipes.
  Pipes(VirtualLoop& loop, PipeReceiver& receiver, bool as_text);

  bool as_text() const { return as_text_; }
  // Returns a new pipe, which takes no time before set_path().
  PipeId open(const PipeEnd& to);
  // For pieces that go in from now on.
  void set_path(PipeId pipe, PipePath path) {
    pipes_[pipe].path = path;
    has_models_ = has_models_ || !path.plain_latency();
  }
  // Returns false if every path so far has had a latency only.
  bool has_models() const { return has_models_; }
  // The bandwidth of the pipe's path has changed: pieces that wait leave at other times.
  void move(PipeId pipe, const Stretch& stretch);
  herd::Instant now() const { return loop_.now(); }
  const PipeEnd& end(PipeId pipe) const { return pipes_[pipe].to; }
  void set_link(PipeId pipe, std::uint32_t link, std::uint32_t counts) {
    pipes_[pipe].to.link = link;
    pipes_[pipe].to.counts = counts;
  }

  // Prefetches what sending needs.
  void prefetch_sending(PipeId pipe) const {
    if (pipe != kNoPipe) herd::prefetch_memory<herd::Access::kWrite>(&pipes_[pipe]);
  }
  // Prefetches what its path needs; reads what prefetch_sending() prefetched.
  void prefetch_path(PipeId pipe) const {
    if (pipe != kNoPipe) pipes_[pipe].path.prefetch();
  }
  // A report that goes into several pipes at one moment.
  class Sending {
   public:
    Sending(Pipes& pipes, const herd::RecordView& report)
        : pipes_(pipes),
          piece_(pipes.piece_of(report)),
          shared_(*pipes.reports_[piece_.place()]),
          bytes_(shared_.bytes()) {}
    ~Sending() { pipes_.forget(piece_); }
    Sending(const Sending&) = delete;
    Sending& operator=(const Sending&) = delete;

    void put(PipeId pipe) const {
      ++shared_.pieces;
      pipes_.put(pipe, piece_, bytes_);
    }

   private:
    Pipes& pipes_;
    const Piece piece_;
    SharedReport& shared_;
    const std::size_t bytes_;
  };
  void send_text(PipeId pipe, std::string_view text, std::string_view ending);
  void send_end(PipeId pipe);
  // Accounts for `count` equal lines that went in between the last piece and this call, of which
  // the last one went in at `last`, at step 0. That one becomes a piece if it is still in flight.
  // Preconditions: count > 0, the path is a latency, and the others have come out.
  void send_late(PipeId pipe, std::string_view text, std::string_view ending, std::uint64_t count,
                 herd::Instant last);
  // Returns when what goes in at `sent` comes out. Precondition: the path is a latency.
  herd::Instant arrival(PipeId pipe, herd::Instant sent) const {
    return pipes_[pipe].path.arrival(sent);
  }
  // Returns whether that moment is over, for what went in at step 0.
  bool has_come_out(PipeId pipe, herd::Instant sent) const;
  // Returns when the last piece comes out, or came out.
  herd::Instant last_arrival(PipeId pipe) const { return pipes_[pipe].last_arrival; }
  // Return the number of bytes in flight, held or not, and of all bytes ever sent.
  std::uint64_t bytes_in_flight(PipeId pipe) const { return pipes_[pipe].bytes_in_flight; }
  std::uint64_t bytes_sent(PipeId pipe) const { return pipes_[pipe].bytes_sent; }

  // Returns when fewer than `bytes` wait for bandwidth.
  herd::Instant room_at(PipeId pipe, std::size_t bytes) const {
    return pipes_[pipe].path.room_at(bytes);
  }

  // Holds all pieces until release(); then those that are late come out at once.
  void hold(PipeId pipe) { pipes_[pipe].held = true; }
  void release(PipeId pipe);
  // Loses the pieces in flight, but not those that have come out. Pieces sent afterwards come out
  // at once. Precondition: called at most three times while any piece is in flight.
  void lose(PipeId pipe);
  // The receiver takes nothing more except the sender's end.
  void stop_listening(PipeId pipe) { pipes_[pipe].deaf = true; }
  // Closes the receiving end. Drops what is in flight, what has arrived but is not handled yet, and
  // anything sent later.
  void shut(PipeId pipe);
  // Closes the sending end. A pipe that both ends have closed is gone, and its id is reused.
  void leave(PipeId pipe);
  bool is_shut(PipeId pipe) const { return pipes_[pipe].shut; }
  // Returns true if a piece that came out earlier must still be handled.
  bool is_listened_to(PipeId pipe, Piece piece) const {
    const Pipe& from = pipes_[pipe];
    return !from.shut && (!from.deaf || piece.kind() == Piece::Kind::kEnd);
  }

  // Returns whether everything that was sent has been handled by the receiver.
  bool is_empty(PipeId pipe) const { return pipes_[pipe].put_in == pipes_[pipe].done; }

  // The contents of a piece that has come out, valid until done().
  const herd::RecordView& report(Piece piece) const { return reports_[piece.place()]->view; }
  std::string_view text(Piece piece) const { return texts_[piece.place()].text; }
  void done(PipeId pipe, Piece piece) {
    forget(piece);
    event_over(pipe);
  }

 private:
  // Everything that is read or written when a piece goes in or comes out: one cache line.
  struct alignas(64) Pipe {
    PipeEnd to;
    // Events so far: one for each piece, and one more each time that a piece moves.
    std::uint32_t put_in = 0, done = 0;
    bool held = false, deaf = false, shut = false, left = false;
    bool has_queue = false;             // its pieces go through queues_
    std::uint32_t epoch = 0;            // of pieces sent now; those of another one are lost
    std::uint32_t bytes_in_flight = 0;  // a link with more than kMaxLinkUnsent is dropped
    herd::Instant last_arrival = herd::Instant::min();
    PipePath path{Duration(0)};
    std::uint64_t bytes_sent = 0;

    // Returns whether a piece that comes out now, and does not end the pipe, only has to be
    // handled.
    bool just_passes(Piece piece) const {
      return !held && !deaf && !shut && piece.epoch() == (epoch & 3);
    }
  };
  static_assert(sizeof(Pipe) == 64);
  // A piece that may have to wait for bandwidth.
  struct Queued {
    Piece piece;
    Passage passage;
    herd::Instant arrival;
  };
  struct Queue {
    RingQueue<Queued> pieces;
    // When the last piece arrives that went in while the pipe had no queue.
    herd::Instant not_before = herd::Instant::min();
  };
  struct Text {
    std::string text;
    std::uint32_t hash = 0;
  };
  void happen(std::uint32_t target, std::uint32_t payload) override;
  void prefetch_far(std::uint32_t target, std::uint32_t) override {
    herd::prefetch_memory<herd::Access::kWrite>(&pipes_[target]);
  }
  void prefetch_near(std::uint32_t target, std::uint32_t payload) override;
  Piece piece_of(std::string_view text, std::string_view ending);
  void put(PipeId id, Piece piece, std::size_t bytes) {
    Pipe& pipe = pipes_[id];
    // Most paths have a latency only.
    const auto latency = pipe.path.plain_latency();
    if (!latency || pipe.has_queue || pipe.shut) [[unlikely]]
      return put_by_model(id, piece, bytes);
    pipe.bytes_sent += bytes;
    pipe.last_arrival = std::max(pipe.last_arrival, loop_.now() + *latency);
    ++pipe.put_in;
    pipe.bytes_in_flight += static_cast<std::uint32_t>(bytes);
    loop_.add_in_turn(pipe.last_arrival, handler_, id, piece.in_epoch(pipe.epoch).bits());
  }
  // The same for a pipe that may have a model or a queue, or may be shut.
  void put_by_model(PipeId pipe, Piece piece, std::size_t bytes);
  // Takes the next piece of a pipe's queue if it has arrived.
  std::optional<Piece> take_queued(PipeId pipe);
  void event_over(PipeId id) {
    Pipe& pipe = pipes_[id];
    ++pipe.done;
    if (pipe.shut) free_if_over(id);
  }
  Piece piece_of(const herd::RecordView& report);
  std::size_t size_of(Piece piece) const;
  void forget(Piece piece) {
    if (piece.kind() == Piece::Kind::kReport) {
      if (--reports_[piece.place()]->pieces == 0) [[unlikely]]
        forget_report(piece.place());
    } else if (piece.kind() == Piece::Kind::kText) {
      forget_text(piece.place());
    }
  }
  void forget_text(std::uint32_t place);
  // No piece of the report is in flight any more.
  void forget_report(std::uint32_t place);
  void free_if_over(PipeId pipe);

  VirtualLoop& loop_;
  PipeReceiver& receiver_;
  bool as_text_;
  bool has_models_ = false;
  std::uint32_t handler_;
  HugeVector<Pipe> pipes_;
  // By the server that they led to: so the order of a server's pipes, which is that of what comes
  // at one moment, does not depend on other servers.
  std::unordered_map<std::uint32_t, FreePlaces<PipeId>> free_pipes_;
  // Apart, so that they do not move while they are handled; a deque takes longer to index.
  std::vector<std::unique_ptr<SharedReport>> reports_;
  FreePlaces<> free_reports_;
  std::uint32_t last_report_ = kNoReport;  // the last one that a piece was made of
  std::deque<Text> texts_;                 // does not move texts while they are handled
  FreePlaces<> free_texts_;
  // By pipe: the pieces that it holds, in the order of their arrival. By pipe whose path has a
  // bandwidth: the pieces in flight, in order.
  std::unordered_map<PipeId, std::vector<Piece>> held_;
  std::unordered_map<PipeId, Queue> queues_;

  static constexpr std::uint32_t kNoReport = 0xffff'ffff;
  // In an event in place of a piece, whose kinds it has not: the next piece of the pipe's queue.
  static constexpr std::uint32_t kNextOfQueue = 0xffff'ffff;
};

}  // namespace sim
