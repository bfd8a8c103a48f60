#include "sim/worlds/places/places_asker.h"

#include <curl/curl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "sim/base/io/address.h"
#include "sim/base/io/set_up_error.h"
#include "sim/worlds/places/curl_loop.h"
#include "sim/worlds/places/host_resolver.h"
#include "sim/worlds/places/places_query.h"
#include "sim/worlds/places/places_transfer.h"
#include "sim/worlds/places/provider_url.h"

namespace sim {
namespace {

// How long a name's addresses are taken for good.
constexpr std::uint64_t kAddressesNs = 60'000'000'000;

// Returns whether an address, which may be in brackets, is this machine's own.
bool is_own_address(const std::string& address) {
  return address.starts_with('[') ? is_loopback(address.substr(1, address.size() - 2))
                                  : is_loopback(address);
}

}  // namespace

// Lives until both the asker and the last handle are gone.
class PlacesAsker::Engine : public std::enable_shared_from_this<Engine> {
 public:
  Engine(uv_loop_t* loop, PlacesAskerConfig config, ProviderUrl base, OnAnswer on_answer);

  void open();
  void ask(std::uint64_t query_id, std::string_view location, double radius_km, int bound);
  void close(std::function<void()> closed);

 private:
  void pump();
  void resolve_host();
  void use_addresses(const HostResolver::Addresses& addresses);
  void start(const QuestionPtr& question);
  [[nodiscard]] bool send(PlacesTransfer& transfer);
  PlacesTransfer* take_transfer();
  void finish(CURL* easy, CURLcode code);
  void settle(const PlacesQuestion& question, PlacesReply reply);
  void fail_queue(std::string_view error);
  void schedule();
  void wake();
  void part_closed();

  uv_loop_t* loop_;
  PlacesAskerConfig config_;
  ProviderUrl base_;
  std::string key_parameter_;  // "&key=…", encoded; empty without a key
  OnAnswer on_answer_;

  CurlLoop curl_;
  HostResolver resolver_;
  uv_timer_t wake_{};

  // By query: queued or on a transfer. Clients choose the queries, so no hash is needed.
  std::map<std::string, QuestionPtr> in_flight_;
  std::deque<QuestionPtr> queue_;  // by deadline, the first one first
  std::vector<std::unique_ptr<PlacesTransfer>> transfers_;
  std::vector<PlacesTransfer*> idle_;
  std::size_t unanswered_ = 0;  // asks of the questions in progress
  std::deque<std::pair<std::uint64_t, PlacesAnswer>> ready_;

  const bool has_name_;  // the host is a name
  ListPtr addresses_;    // the name's, as libcurl takes them; null until known
  std::uint64_t addresses_until_ns_ = 0;
  std::optional<std::uint64_t> resolve_by_ns_;  // when a first lookup times out

  int open_parts_ = 3;  // curl_, resolver_, wake_
  bool waking_ = false;
  bool closing_ = false;
  std::function<void()> closed_;
  std::shared_ptr<Engine> self_;  // until every part is closed
};

PlacesAsker::Engine::Engine(uv_loop_t* loop, PlacesAskerConfig config, ProviderUrl base,
                            OnAnswer on_answer)
    : loop_(loop),
      config_(std::move(config)),
      base_(std::move(base)),
      key_parameter_(key_parameter(config_.key)),
      on_answer_(std::move(on_answer)),
      curl_(loop, static_cast<long>(std::max<std::size_t>(config_.max_transfers, 1)),
            [this](CURL* easy, CURLcode code) { finish(easy, code); }),
      resolver_(loop),
      has_name_(!is_numeric_host(base_.host)) {
  config_.max_transfers = std::max<std::size_t>(config_.max_transfers, 1);
  require(uv_timer_init(loop_, &wake_), "a timer");
  wake_.data = this;
}

void PlacesAsker::Engine::open() { self_ = shared_from_this(); }

void PlacesAsker::Engine::ask(std::uint64_t query_id, std::string_view location, double radius_km,
                              int bound) {
  if (closing_) return;
  const auto query = nearby_query(location, radius_km);
  const auto refuse = [&](std::string_view error) {
    ready_.emplace_back(query_id, PlacesReply::failure(error).cut(bound));
    schedule();
  };
  if (!query) return refuse("Places was not asked: the location or the radius is wrong");
  if (unanswered_ >= config_.max_transfers + config_.max_queue) {
    return refuse(fmt::format("Places was not asked: {} questions are waiting", unanswered_));
  }
  ++unanswered_;
  auto& question = in_flight_[*query];
  if (question) {
    question->asks.push_back({query_id, bound});
    return;
  }
  question = std::make_shared<PlacesQuestion>(
      PlacesQuestion{.query = *query,
                     .deadline_ns = uv_hrtime() + to_ns(config_.timeout),
                     .asks = {{query_id, bound}}});
  queue_.push_back(question);
  pump();
}

// Starts what may start.
void PlacesAsker::Engine::pump() {
  if (has_name_ && !queue_.empty()) resolve_host();
  if (!has_name_ || addresses_) {
    while (!queue_.empty() && (!idle_.empty() || transfers_.size() < config_.max_transfers)) {
      const QuestionPtr question = std::move(queue_.front());
      queue_.pop_front();
      start(question);
    }
  }
  schedule();
}

// Looks the host's name up where its addresses are not known or old. Old ones serve meanwhile.
void PlacesAsker::Engine::resolve_host() {
  const std::uint64_t now = uv_hrtime();
  if (addresses_ && now < addresses_until_ns_) return;
  if (!resolver_.busy() &&
      !resolver_.resolve(base_.host, [this](const auto& found) { use_addresses(found); })) {
    if (!addresses_) fail_queue(fmt::format("the name {} cannot be looked up", base_.host));
    return;
  }
  if (!addresses_ && !resolve_by_ns_) resolve_by_ns_ = now + to_ns(config_.connect_timeout);
}

void PlacesAsker::Engine::use_addresses(const HostResolver::Addresses& addresses) {
  resolve_by_ns_.reset();
  addresses_until_ns_ = uv_hrtime() + kAddressesNs;
  if (addresses) {
    if (base_.is_plain && !config_.key.empty() &&
        !std::all_of(addresses.value().begin(), addresses.value().end(), is_own_address)) {
      fail_queue(
          fmt::format("the API key would go over plain HTTP: {} is another machine", base_.host));
      return pump();
    }
    const std::string entry =
        fmt::format("{}:{}:{}", base_.host, base_.port, fmt::join(addresses.value(), ","));
    addresses_ = ListPtr(curl_slist_append(nullptr, entry.c_str()), &curl_slist_free_all);
    if (!addresses_) fail_queue("Places was not asked: out of memory");
  } else if (!addresses_) {
    fail_queue(fmt::format("the name {} has no address: {}", base_.host, addresses.error()));
  }
  pump();
}

PlacesTransfer* PlacesAsker::Engine::take_transfer() {
  if (!idle_.empty()) {
    PlacesTransfer* const transfer = idle_.back();
    idle_.pop_back();
    return transfer;
  }
  auto transfer = make_transfer(config_);
  if (!transfer) return nullptr;
  return transfers_.emplace_back(std::move(transfer)).get();
}

void PlacesAsker::Engine::start(const QuestionPtr& question) {
  PlacesTransfer* const transfer = take_transfer();
  if (transfer == nullptr) {
    settle(*question, PlacesReply::failure("Places was not asked: out of memory"));
    return;
  }
  transfer->question = question;
  transfer->is_retry = false;
  if (!send(*transfer)) {
    transfer->question.reset();
    idle_.push_back(transfer);
    settle(*question, PlacesReply::failure("Places was not asked: out of memory"));
  }
}

// Sends the transfer's question. Returns false if libcurl refuses.
bool PlacesAsker::Engine::send(PlacesTransfer& transfer) {
  const PlacesQuestion& question = *transfer.question;
  const std::uint64_t now = uv_hrtime();
  const std::uint64_t left = question.deadline_ns > now ? question.deadline_ns - now : 0;
  transfer.too_large = false;
  transfer.resolve = addresses_;
  CURL* const easy = transfer.easy.get();
  const std::string url = base_.prefix + question.query + key_parameter_;
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_RESOLVE, addresses_.get());
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, to_ms(to_ns(config_.connect_timeout)));
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, to_ms(left));
  curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, transfer.is_retry ? 1L : 0L);
  return curl_.start(easy);
}

void PlacesAsker::Engine::finish(CURL* easy, CURLcode code) {
  char* self = nullptr;
  curl_easy_getinfo(easy, CURLINFO_PRIVATE, &self);
  PlacesTransfer& transfer = *reinterpret_cast<PlacesTransfer*>(self);
  const QuestionPtr question = transfer.question;
  if (!transfer.is_retry && was_closed_before(transfer, code)) {
    transfer.is_retry = true;
    if (send(transfer)) return;
  }
  settle(*question, reply_of(transfer, code, config_, base_.origin));
  if (code == CURLE_COULDNT_CONNECT) addresses_until_ns_ = 0;  // it may have moved
  transfer.question.reset();
  transfer.body = std::string();  // gives back what a large one took
  idle_.push_back(&transfer);
  pump();
}

// Makes a question's answers ready. They are given from wake(), so that no callback finds the
// engine in the midst of something.
void PlacesAsker::Engine::settle(const PlacesQuestion& question, PlacesReply reply) {
  for (const PlacesQuestion::Ask& each : question.asks) {
    ready_.emplace_back(each.query_id, reply.cut(each.bound));
  }
  unanswered_ -= question.asks.size();
  in_flight_.erase(question.query);
}

void PlacesAsker::Engine::fail_queue(std::string_view error) {
  const PlacesReply reply = PlacesReply::failure(error);
  for (const QuestionPtr& question : std::exchange(queue_, {})) settle(*question, reply);
}

// Sets the timer to the next thing that time alone brings.
void PlacesAsker::Engine::schedule() {
  std::optional<std::uint64_t> at;
  if (!ready_.empty()) {
    at = 0;
  } else if (!queue_.empty()) {
    at = queue_.front()->deadline_ns;
    if (resolve_by_ns_) at = std::min(*at, *resolve_by_ns_);
  }
  if (!at) {
    uv_timer_stop(&wake_);
    return;
  }
  const std::uint64_t now = uv_hrtime();
  // From within wake() at the earliest in the next turn, so that asking again without end and being
  // refused cannot keep the loop from its sockets.
  const std::uint64_t soonest_ms = waking_ ? 1 : 0;
  uv_timer_start(
      &wake_, [](uv_timer_t* timer) { static_cast<Engine*>(timer->data)->wake(); },
      *at <= now ? soonest_ms : static_cast<std::uint64_t>(to_ms(*at - now)), 0);
}

void PlacesAsker::Engine::wake() {
  const std::uint64_t now = uv_hrtime();
  if (resolve_by_ns_ && *resolve_by_ns_ <= now) {
    resolve_by_ns_.reset();
    fail_queue(fmt::format("the name {} was not resolved within {} ms", base_.host,
                           to_ms(to_ns(config_.connect_timeout))));
  }
  while (!queue_.empty() && queue_.front()->deadline_ns <= now) {
    const QuestionPtr question = std::move(queue_.front());
    queue_.pop_front();
    settle(*question, PlacesReply::failure(
                          fmt::format("Places was not asked: its turn did not come within {} ms",
                                      to_ms(to_ns(config_.timeout)))));
  }
  if (queue_.empty()) resolve_by_ns_.reset();
  // Answers that become ready meanwhile wait for the next turn; the callback may close this.
  const auto self = shared_from_this();
  waking_ = true;
  auto ready = std::exchange(ready_, {});
  for (auto& [query_id, answer] : ready) {
    if (closing_) return;
    on_answer_(query_id, std::move(answer));
  }
  if (!closing_) pump();
  waking_ = false;
}

void PlacesAsker::Engine::close(std::function<void()> closed) {
  if (closing_) return;
  closing_ = true;
  closed_ = std::move(closed);
  for (const auto& transfer : transfers_) {
    if (transfer->question) curl_.cancel(transfer->easy.get());
  }
  const auto self = self_;  // the parts may all close at once
  curl_.close([this] { part_closed(); });
  resolver_.close([this] { part_closed(); });
  uv_close(reinterpret_cast<uv_handle_t*>(&wake_),
           [](uv_handle_t* handle) { static_cast<Engine*>(handle->data)->part_closed(); });
}

void PlacesAsker::Engine::part_closed() {
  if (--open_parts_ > 0) return;
  const auto self = std::move(self_);  // may be the last owner
  if (closed_) closed_();
}

PlacesAsker::PlacesAsker(std::shared_ptr<Engine> engine) : engine_(std::move(engine)) {}

PlacesAsker::~PlacesAsker() { engine_->close({}); }

herd::Result<std::unique_ptr<PlacesAsker>, std::string> PlacesAsker::create(
    uv_loop_t* loop, const PlacesAskerConfig& config, OnAnswer on_answer) {
  auto base = read_provider_url(config.base_url);
  if (!base) {
    return std::string("not a URL to ask Places at (as https://maps.googleapis.com)");
  }
  if (base->is_plain && !config.key.empty() && !is_loopback_host(base->host)) {
    return std::string("the API key would go over plain HTTP (right is https)");
  }
  try {
    auto engine = std::make_shared<Engine>(loop, config, std::move(*base), std::move(on_answer));
    engine->open();
    return std::unique_ptr<PlacesAsker>(new PlacesAsker(std::move(engine)));
  } catch (const SetUpError& error) {
    return std::string(error.what());
  }
}

void PlacesAsker::ask(std::uint64_t query_id, std::string_view location, double radius_km,
                      int bound) {
  engine_->ask(query_id, location, radius_km, bound);
}

void PlacesAsker::close(std::function<void()> closed) { engine_->close(std::move(closed)); }

}  // namespace sim
