#include "sim/engines/central/database_queue.h"

#include <algorithm>
#include <chrono>
#include <iterator>

#include "core/limits.h"
#include "sim/base/io/set_up_error.h"
#include "sim/engines/central/record_table.h"

namespace sim {
namespace {

// Limits how long a batch's locks are held, and how long its first answer waits for its last.
constexpr std::size_t kMostOfABatch = 1000;
constexpr std::uint64_t kCheckMs = 50;

constexpr std::uint64_t in_ms(herd::Duration duration) {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(duration).count());
}

std::int64_t now_ns() { return static_cast<std::int64_t>(uv_hrtime()); }

}  // namespace

DatabaseQueue::DatabaseQueue(IoLoop& loop, std::string folder, Callbacks callbacks)
    : loop_(loop),
      folder_(std::move(folder)),
      callbacks_(std::move(callbacks)),
      back_off_ms_(in_ms(herd::kFirstBackoff)),
      redial_(this),
      timeout_timer_(this) {
  for (auto* timer : {redial_.get(), timeout_timer_.get()}) {
    require(uv_timer_init(loop.uv(), timer), "a timer");
  }
}

void DatabaseQueue::start() {
  started_ = true;
  dial();
}

void DatabaseQueue::redial() {
  if (!started_ || !active_ || connected()) return;
  back_off_ms_ = in_ms(herd::kFirstBackoff);
  session_.reset();
  dial();
}

void DatabaseQueue::dial() {
  uv_timer_stop(redial_.get());
  DatabaseSession::Callbacks callbacks;
  callbacks.on_ready = [this] {
    back_off_ms_ = in_ms(herd::kFirstBackoff);
    window_ = CommitWindow();
    heard_ns_ = now_ns();
    was_up_ = true;
    callbacks_.on_connection(true, "");
    pump_later();
  };
  callbacks.on_batch = [this](std::vector<DatabaseAnswer>& answers, const std::string& error) {
    batch_answered(answers, error);
  };
  callbacks.on_lost = [this](const std::string& why) { drop_session(why); };
  heard_ns_ = std::max(heard_ns_, now_ns());
  session_ = std::make_unique<DatabaseSession>(loop_, folder_, std::move(callbacks));
}

void DatabaseQueue::drop_session(const std::string& why) {
  // The session may be the caller, so it is destroyed later.
  loop_.defer([session = std::shared_ptr<DatabaseSession>(std::move(session_))] {});
  take_back_in_flight();
  if (std::exchange(was_up_, false)) {
    down_since_ns_ = now_ns();
    callbacks_.on_connection(false, why);
  }
  uv_timer_start(
      redial_.get(), [](uv_timer_t* timer) { static_cast<DatabaseQueue*>(timer->data)->dial(); },
      back_off_ms_, 0);
  back_off_ms_ = std::min(2 * back_off_ms_, in_ms(herd::kLastBackoff));
}

void DatabaseQueue::take_back_in_flight() {
  // Keep the order in which the batches were sent; each client's order is kept within a batch.
  for (auto batch = in_flight_.rbegin(); batch != in_flight_.rend(); ++batch) {
    for (auto each = batch->statements.rbegin(); each != batch->statements.rend(); ++each) {
      each->doubtful = each->report.has_value();
      waiting_.push_front(std::move(*each));
    }
  }
  in_flight_.clear();
}

void DatabaseQueue::store(Ticket ticket, const herd::RecordView& report) {
  Statement statement;
  statement.ticket = ticket;
  statement.key = record_key(report.client);
  statement.report.emplace(report, 0);  // never looked up by its hash
  add(std::move(statement));
}

void DatabaseQueue::find(Ticket ticket, std::string_view client) {
  Statement statement;
  statement.ticket = ticket;
  statement.key = record_key(client);
  add(std::move(statement));
}

void DatabaseQueue::add(Statement statement) {
  statement.asked_ns = now_ns();
  if (idle()) heard_ns_ = statement.asked_ns;
  waiting_.push_back(std::move(statement));
  pump_later();
}

void DatabaseQueue::pump_later() {
  if (std::exchange(pump_is_due_, true)) return;
  loop_.defer([this, life = life_] {
    if (life != life_) return;
    pump_is_due_ = false;
    pump();
  });
}

void DatabaseQueue::pump() {
  while (active_ && connected() && !waiting_.empty() && window_.allows(in_flight_.size())) {
    send_batch();
  }
  arm();
}

void DatabaseQueue::send_batch() {
  std::size_t size = 0;
  while (size < waiting_.size() && size < kMostOfABatch && !waiting_[size].alone) ++size;
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(1, size));
  Batch batch;
  batch.statements.assign(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
  batch.sent_ns = uv_hrtime();
  // All batches lock their rows in one order, so that no two wait for each other. The sort is
  // stable: a client's own statements keep their order.
  std::stable_sort(batch.statements.begin(), batch.statements.end(),
                   [](const Statement& a, const Statement& b) { return a.key < b.key; });
  requests_.clear();
  for (const Statement& statement : batch.statements) {
    DatabaseRequest& request = requests_.emplace_back();
    request.key = statement.key;
    if (statement.report) request.store = statement.report->view();
    request.find = !statement.report || statement.doubtful;
  }
  in_flight_.push_back(std::move(batch));
  session_->send(requests_);
}

void DatabaseQueue::batch_answered(std::vector<DatabaseAnswer>& answers, const std::string& error) {
  const std::size_t in_flight = in_flight_.size();
  Batch batch = std::move(in_flight_.front());
  in_flight_.pop_front();
  const std::uint64_t now = uv_hrtime();
  heard_ns_ = static_cast<std::int64_t>(now);
  if (error.empty()) {
    window_.committed(now - batch.sent_ns, in_flight, now);
    for (std::size_t i = 0; i < answers.size(); ++i) tell(batch.statements[i], answers[i]);
  } else {
    refused(std::move(batch), error);
  }
  // Statements that the answers cause go out together with those that already wait.
  pump_later();
}

void DatabaseQueue::tell(const Statement& statement, const DatabaseAnswer& answer) {
  if (!statement.report) return callbacks_.on_found(statement.ticket, answer.found);
  const herd::RecordView report = statement.report->view();
  // The same report is held although it was not stored now: an earlier try of ours stored it.
  const bool taken = answer.stored || (statement.doubtful && answer.found == report.line);
  callbacks_.on_stored(statement.ticket, report,
                       taken ? herd::Verdict::kAccepted : herd::Verdict::kStale);
}

void DatabaseQueue::refused(Batch batch, const std::string& error) {
  if (batch.statements.size() == 1) {
    return callbacks_.on_given_up(batch.statements.front().ticket, error);
  }
  for (auto each = batch.statements.rbegin(); each != batch.statements.rend(); ++each) {
    each->alone = true;
    waiting_.push_front(std::move(*each));
  }
}

void DatabaseQueue::arm() {
  if (!active_ || idle()) {
    uv_timer_stop(timeout_timer_.get());
  } else if (uv_is_active(reinterpret_cast<uv_handle_t*>(timeout_timer_.get())) == 0) {
    uv_timer_start(
        timeout_timer_.get(),
        [](uv_timer_t* timer) { static_cast<DatabaseQueue*>(timer->data)->check_timeout(); },
        kCheckMs, kCheckMs);
  }
}

void DatabaseQueue::check_timeout() {
  const std::int64_t now = now_ns();
  if (session_ && now - heard_ns_ > timeout_ns_) {
    const bool was_silent = was_up_;
    drop_session("no answer for " + std::to_string(timeout_ns_ / 1'000'000) + " ms");
    if (was_silent) down_since_ns_ = heard_ns_;
  }
  // On a good connection, statements only wait for their turn.
  if (!connected()) abandon(now);
  arm();
}

void DatabaseQueue::abandon(std::int64_t now) {
  std::vector<Ticket> tickets;
  std::deque<Statement> kept;
  for (Statement& statement : waiting_) {
    if (now - std::max(statement.asked_ns, down_since_ns_) <= timeout_ns_) {
      kept.push_back(std::move(statement));
      continue;
    }
    if (!statement.given_up) tickets.push_back(statement.ticket);
    if (!statement.doubtful) continue;
    statement.given_up = true;
    kept.push_back(std::move(statement));
  }
  waiting_ = std::move(kept);
  for (const Ticket ticket : tickets) {
    callbacks_.on_given_up(ticket, "the database could not be asked");
  }
}

void DatabaseQueue::set_active(bool active) {
  if (active_ == active) return;
  active_ = active;
  if (session_) session_->set_active(active);
  if (!active) {
    uv_timer_stop(redial_.get());
    return arm();
  }
  // The time for which the queue was paused does not count as silence of the database.
  heard_ns_ = now_ns();
  for (Statement& statement : waiting_) statement.asked_ns = heard_ns_;
  if (started_ && !session_) dial();
  pump_later();
}

std::vector<herd::Record> DatabaseQueue::stop() {
  ++life_;
  started_ = pump_is_due_ = false;
  active_ = true;
  uv_timer_stop(redial_.get());
  uv_timer_stop(timeout_timer_.get());
  session_.reset();
  std::vector<herd::Record> doubtful;
  for (Batch& batch : in_flight_) {
    for (Statement& statement : batch.statements) {
      if (statement.report) doubtful.push_back(std::move(*statement.report));
    }
  }
  for (Statement& statement : waiting_) {
    if (statement.doubtful) doubtful.push_back(std::move(*statement.report));
  }
  in_flight_.clear();
  waiting_.clear();
  if (std::exchange(was_up_, false)) callbacks_.on_connection(false, "stopped");
  return doubtful;
}

}  // namespace sim
