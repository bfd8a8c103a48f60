#include "sim/engines/central/database_link.h"

#include <system_error>
#include <utility>

#include "sim/engines/central/postgres_server.h"

namespace sim {
namespace {

constexpr int kBacklog = 16;

}  // namespace

class DatabaseLink::Crossing {
 public:
  explicit Crossing(DatabaseLink& link)
      : link_(link),
        near_(link.alarms_.loop(),
              {[this](std::string_view bytes) { up(bytes); }, [this] { up_ended(); }}),
        far_(link.alarms_.loop(),
             {[this](std::string_view bytes) { down(bytes); }, [this] { down_ended(); }}),
        up_(link.alarms_,
            [this](std::string_view bytes, bool is_end) { is_end ? end() : far_.write(bytes); }),
        down_(link.alarms_, [this](std::string_view bytes, bool is_end) {
          is_end ? end() : near_.write(bytes);
        }) {
    if (link.state_ == State::kHeld) hold();
  }

  int accept(uv_stream_t* listener) {
    const int error = near_.accept(listener);
    if (error != 0) return error;
    far_.connect(link_.setup_.database);
    // A connection costs a round trip before anything is said on it.
    const herd::Instant now = link_.clock_.now();
    last_up_ =
        now + connect_delay(link_.setup_.to_database, link_.setup_.to_front_end.conditions(), now);
    return 0;
  }

  void hold() {
    up_.hold();
    down_.hold();
  }
  void release() {
    up_.release();
    down_.release();
  }
  bool over() const { return over_; }

 private:
  void up(std::string_view bytes) {
    link_.bytes_to_database_ += bytes.size();
    if (passes_at_once(up_, link_.setup_.to_database)) return far_.write(bytes);
    up_.put(arrival(link_.setup_.to_database, bytes.size(), last_up_), bytes, "");
    check_size(up_);
  }
  void down(std::string_view bytes) {
    link_.bytes_to_front_end_ += bytes.size();
    if (passes_at_once(down_, link_.setup_.to_front_end)) return near_.write(bytes);
    down_.put(arrival(link_.setup_.to_front_end, bytes.size(), last_down_), bytes, "");
    check_size(down_);
  }
  void up_ended() { up_.put_end(arrival(link_.setup_.to_database, 0, last_up_)); }
  void down_ended() { down_.put_end(arrival(link_.setup_.to_front_end, 0, last_down_)); }

  bool passes_at_once(const DelayLine& line, const LinkModel& model) const {
    return line.empty() && !line.held() && model.conditions().ideal() &&
           last_up_ <= link_.clock_.now();
  }
  std::uint64_t arrival(LinkModel& model, std::size_t bytes, herd::Instant& last) const {
    return link_.clock_.hrtime_of(model.arrival(link_.clock_.now(), bytes, last));
  }
  void check_size(const DelayLine& line) {
    if (line.bytes() > kMaxLinkUnsent) end();
  }
  void end() {
    if (std::exchange(over_, true)) return;
    link_.sweep_later();
  }

  DatabaseLink& link_;
  BytePipe near_, far_;  // the front end's, the database's
  herd::Instant last_up_ = herd::Instant::min(), last_down_ = herd::Instant::min();
  DelayLine up_, down_;
  bool over_ = false;
};

DatabaseLink::DatabaseLink(AlarmClock& alarms, const RunClock& clock, Setup setup)
    : alarms_(alarms), clock_(clock), setup_(std::move(setup)) {}

DatabaseLink::~DatabaseLink() = default;

std::optional<Error> DatabaseLink::listen() {
  std::error_code failure;
  std::filesystem::create_directory(setup_.folder, failure);
  if (failure) return Error{"cannot make " + setup_.folder.string() + ": " + failure.message()};
  listener_.emplace(this);
  const std::string path = PostgresServer::socket_in(setup_.folder);
  int error = uv_pipe_init(alarms_.loop().uv(), listener_->get(), 0);
  if (error == 0) error = uv_pipe_bind(listener_->get(), path.c_str());
  if (error == 0) {
    error = uv_listen(reinterpret_cast<uv_stream_t*>(listener_->get()), kBacklog,
                      [](uv_stream_t* stream, int status) {
                        if (status == 0) static_cast<DatabaseLink*>(stream->data)->accept(stream);
                      });
  }
  if (error != 0) return uv_failure("cannot listen at " + path, error);
  return std::nullopt;
}

void DatabaseLink::accept(uv_stream_t* listener) {
  auto crossing = std::make_unique<Crossing>(*this);
  // One that may not be made is closed again, which who dials takes for a refusal.
  if (crossing->accept(listener) == 0 && state_ != State::kCut) {
    crossings_.push_back(std::move(crossing));
  }
}

void DatabaseLink::cut() {
  state_ = State::kCut;
  crossings_.clear();
  setup_.to_database.drop_queue();
  setup_.to_front_end.drop_queue();
}

void DatabaseLink::hold() {
  state_ = State::kHeld;
  for (const auto& crossing : crossings_) crossing->hold();
}

void DatabaseLink::restore() {
  state_ = State::kUp;
  for (const auto& crossing : crossings_) crossing->release();
}

void DatabaseLink::set(const TwoWayConditions& conditions) {
  setup_.to_front_end.set(conditions.forward);
  setup_.to_database.set(conditions.backward);
}

void DatabaseLink::sweep_later() {
  alarms_.loop().defer(
      [this] { crossings_.remove_if([](const auto& crossing) { return crossing->over(); }); });
}

}  // namespace sim
