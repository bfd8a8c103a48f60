#include "sim/worlds/virtual/pipes.h"

#include <algorithm>
#include <utility>

#include "core/framing.h"
#include "core/prefetch_memory.h"
#include "core/record_store.h"
#include "sim/base/digest.h"

namespace sim {

Pipes::Pipes(VirtualLoop& loop, PipeReceiver& receiver, bool as_text)
    : loop_(loop), receiver_(receiver), as_text_(as_text), handler_(loop.add_handler(*this)) {}

PipeId Pipes::open(const PipeEnd& to) {
  FreePlaces<PipeId> none;
  const auto found = free_pipes_.find(to.server);
  const PipeId pipe = (found == free_pipes_.end() ? none : found->second).take(pipes_);
  pipes_[pipe] = {};
  pipes_[pipe].to = to;
  return pipe;
}

Piece Pipes::piece_of(const herd::RecordView& report) {
  const bool is_last = last_report_ != kNoReport && report.kept != nullptr &&
                       reports_[last_report_]->view.kept == report.kept;
  if (!is_last) {
    // Servers in virtual time have the default key, see VirtualHerd.
    const std::uint32_t client_hash = report.kept != nullptr
                                          ? report.kept->client_hash()
                                          : herd::RecordStore::client_hash({}, report.client);
    last_report_ = free_reports_.take(reports_);
    std::unique_ptr<SharedReport>& place = reports_[last_report_];
    if (place == nullptr) {
      place = std::make_unique<SharedReport>(report, client_hash);
    } else {
      place->record.assign(report, client_hash);
    }
    SharedReport& shared = *place;
    shared.view = shared.record.view();
    shared.hash = text_digest(report.line);
  }
  ++reports_[last_report_]->pieces;
  return {Piece::Kind::kReport, last_report_};
}

Piece Pipes::piece_of(std::string_view text, std::string_view ending) {
  const std::uint32_t place = free_texts_.take(texts_);
  texts_[place].text.assign(text).append(ending);
  texts_[place].hash = text_digest(text);
  return {Piece::Kind::kText, place};
}

void Pipes::send_text(PipeId pipe, std::string_view text, std::string_view ending) {
  put(pipe, piece_of(text, ending), text.size() + ending.size());
}

bool Pipes::has_come_out(PipeId id, herd::Instant sent) const {
  const herd::Instant at = arrival(id, sent);
  if (at != loop_.now()) return at < loop_.now();
  return loop_.compare_with(at == sent ? 1 : 0, handler_, id) > 0;
}

void Pipes::send_late(PipeId id, std::string_view text, std::string_view ending,
                      std::uint64_t count, herd::Instant last) {
  const std::size_t bytes = text.size() + ending.size();
  Pipe& pipe = pipes_[id];
  pipe.bytes_sent += count * bytes;
  loop_.trace_late({id, count, static_cast<std::uint64_t>(last.time_since_epoch().count())});
  if (has_come_out(id, last)) return;
  ++pipe.put_in;
  pipe.bytes_in_flight += static_cast<std::uint32_t>(bytes);
  pipe.last_arrival = std::max(pipe.last_arrival, arrival(id, last));
  loop_.add_late(pipe.last_arrival, last, handler_, id,
                 piece_of(text, ending).in_epoch(pipe.epoch).bits());
}

void Pipes::send_end(PipeId pipe) { put(pipe, {Piece::Kind::kEnd, 0}, 0); }

void Pipes::put_by_model(PipeId id, Piece piece, std::size_t bytes) {
  Pipe& pipe = pipes_[id];
  pipe.bytes_sent += bytes;
  if (pipe.shut) return forget(piece);
  const Passage passage = pipe.path.pass(loop_.now(), bytes);
  if (!pipe.has_queue && pipe.path.has_queue()) {
    pipe.has_queue = true;
    queues_[id].not_before = pipe.last_arrival;
  }
  pipe.last_arrival = std::max(pipe.last_arrival, passage.arrival());
  ++pipe.put_in;
  pipe.bytes_in_flight += static_cast<std::uint32_t>(bytes);
  const Piece sent = piece.in_epoch(pipe.epoch);
  std::uint32_t event = sent.bits();
  if (pipe.has_queue) {
    queues_[id].pieces.push_back({sent, passage, pipe.last_arrival});
    event = kNextOfQueue;
  }
  loop_.add_in_turn(pipe.last_arrival, handler_, id, event);
}

void Pipes::move(PipeId id, const Stretch& stretch) {
  const auto found = queues_.find(id);
  if (found == queues_.end()) return;
  Pipe& pipe = pipes_[id];
  herd::Instant last = found->second.not_before;
  RingQueue<Queued>& queue = found->second.pieces;
  for (std::uint32_t i = 0; i < queue.size(); ++i) {
    Queued& queued = queue[i];
    queued.passage.sent = stretch.moved(queued.passage.sent);
    last = std::max(last, queued.passage.arrival());
    if (last == queued.arrival) continue;
    queued.arrival = last;
    // The event for the time before finds nothing that has arrived, or takes this piece's place.
    ++pipe.put_in;
    loop_.add(std::max(last, loop_.now()), handler_, id, kNextOfQueue);
  }
  if (!queue.empty()) pipe.last_arrival = last;
}

std::optional<Piece> Pipes::take_queued(PipeId id) {
  RingQueue<Queued>& queue = queues_[id].pieces;
  if (queue.empty() || queue.front().arrival > loop_.now()) return std::nullopt;
  const Piece piece = queue.front().piece;
  queue.pop_front();
  return piece;
}

void Pipes::happen(std::uint32_t target, std::uint32_t payload) {
  Piece piece(payload);
  // Almost all are reports on a link that has met no fault.
  if (piece.kind() == Piece::Kind::kReport && pipes_[target].just_passes(piece)) {
    last_report_ = piece.place();
    const SharedReport& report = *reports_[last_report_];
    pipes_[target].bytes_in_flight -= report.bytes();
    loop_.trace(report.hash);
    return receiver_.arrived(target, pipes_[target].to, piece);
  }
  if (payload == kNextOfQueue) {
    const std::optional<Piece> next = take_queued(target);
    if (!next) return event_over(target);
    piece = *next;
  }
  Pipe& pipe = pipes_[target];
  if (pipe.held && !pipe.shut) {
    held_[target].push_back(piece);
    return;
  }
  pipe.bytes_in_flight -= static_cast<std::uint32_t>(size_of(piece));
  const bool is_lost = piece.epoch() != (pipe.epoch & 3);
  if (is_lost || !is_listened_to(target, piece)) return done(target, piece);
  std::uint32_t hash = 0;
  if (piece.kind() == Piece::Kind::kReport) {
    last_report_ = piece.place();
    hash = reports_[last_report_]->hash;
  } else if (piece.kind() == Piece::Kind::kText) {
    hash = texts_[piece.place()].hash;
  }
  loop_.trace(hash);
  receiver_.arrived(target, pipe.to, piece);
}

void Pipes::prefetch_near(std::uint32_t target, std::uint32_t payload) {
  if (payload == kNextOfQueue) return;
  const Piece piece(payload);
  const PipeEnd end = pipes_[target].to;
  if (piece.kind() != Piece::Kind::kReport || end.is_client()) return;
  receiver_.prefetch_report(end, *reports_[piece.place()]->view.kept);
}

void Pipes::release(PipeId id) {
  pipes_[id].held = false;
  const auto held = held_.extract(id);
  if (held.empty()) return;
  for (const Piece piece : held.mapped()) {
    loop_.add(loop_.now(), handler_, id, piece.bits(), true);
  }
}

void Pipes::lose(PipeId id) {
  Pipe& pipe = pipes_[id];
  ++pipe.epoch;
  pipe.last_arrival = herd::Instant::min();
  pipe.path = PipePath(Duration(0));
  if (!pipe.has_queue) return;
  queues_[id].not_before = herd::Instant::min();
  RingQueue<Queued>& queue = queues_[id].pieces;
  for (; !queue.empty(); queue.pop_front()) {
    const Piece piece = queue.front().piece;
    pipe.bytes_in_flight -= static_cast<std::uint32_t>(size_of(piece));
    forget(piece);
  }
}

void Pipes::shut(PipeId id) {
  release(id);
  pipes_[id].shut = true;
  free_if_over(id);
}

void Pipes::leave(PipeId id) {
  pipes_[id].left = true;
  free_if_over(id);
}

void Pipes::free_if_over(PipeId id) {
  const Pipe& pipe = pipes_[id];
  if (!pipe.shut || !pipe.left || pipe.done != pipe.put_in) return;
  queues_.erase(id);
  free_pipes_[pipe.to.server].give_back(id);
}

std::size_t Pipes::size_of(Piece piece) const {
  switch (piece.kind()) {
    case Piece::Kind::kReport:
      return reports_[piece.place()]->bytes();
    case Piece::Kind::kText:
      return texts_[piece.place()].text.size();
    case Piece::Kind::kEnd:
      return 0;
  }
  return 0;
}

void Pipes::forget_text(std::uint32_t place) {
  constexpr std::size_t kMostKept = 4096;  // many more are in flight when all links come up
  free_texts_.give_back(place);
  free_texts_.drop_unused(texts_, kMostKept);
}

void Pipes::forget_report(std::uint32_t place) {
  free_reports_.give_back(place);
  if (last_report_ == place) last_report_ = kNoReport;
}

}  // namespace sim
