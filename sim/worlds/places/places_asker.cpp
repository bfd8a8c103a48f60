#include "sim/worlds/places/places_asker.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <deque>
#include <limits>
#include <map>
#include <new>
#include <optional>
#include <utility>
#include <vector>

#include "sim/base/io/address.h"
#include "sim/base/io/set_up_error.h"
#include "sim/worlds/places/curl_loop.h"
#include "sim/worlds/places/host_resolver.h"
#include "sim/worlds/places/nearby_search.h"
#include "sim/worlds/places/places_query.h"

namespace sim {
namespace {

// How long a name's addresses are taken for good.
constexpr std::uint64_t kAddressesNs = 60'000'000'000;

struct EasyDeleter {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
using EasyPtr = std::unique_ptr<CURL, EasyDeleter>;
using ListPtr = std::shared_ptr<curl_slist>;

// A question, and the callers that wait for its answer.
struct Question {
  struct Ask {
    std::uint64_t query_id = 0;
    int bound = 0;
  };
  std::string query;  // without the key
  std::uint64_t deadline_ns = 0;
  std::vector<Ask> asks;
};
using QuestionPtr = std::shared_ptr<Question>;

// A libcurl handle and what it is doing; reused.
struct Transfer {
  EasyPtr easy;
  QuestionPtr question;  // null while idle
  std::string body;
  std::size_t max_body = 0;
  bool too_large = false;
  bool is_retry = false;  // the question was lost on a connection that the provider had closed
  ListPtr resolve;        // libcurl reads it while the transfer runs
};

std::size_t on_body(char* data, std::size_t, std::size_t size, void* self) {
  Transfer& transfer = *static_cast<Transfer*>(self);
  if (size > transfer.max_body - transfer.body.size()) {
    transfer.too_large = true;
    return 0;  // ends the transfer
  }
  transfer.body.append(data, size);
  return size;
}

// Programs that the run starts must not hold the connections open.
int on_socket_made(void*, curl_socket_t fd, curlsocktype) {
  return fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 ? CURL_SOCKOPT_OK : CURL_SOCKOPT_ERROR;
}

long to_ms(std::uint64_t ns) {
  constexpr std::uint64_t kMaxMs = std::numeric_limits<int>::max();
  return static_cast<long>(std::clamp<std::uint64_t>((ns + 999'999) / 1'000'000, 1, kMaxMs));
}

std::uint64_t to_ns(herd::Duration duration) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(duration.count(), 1'000'000));
}

// Returns true if the question was lost because the provider had closed a connection that it had
// kept open until then, or closed it at that moment: no byte of an answer came. libcurl itself asks
// again only while it finds no more than five such connections in a row.
bool was_closed_before(const Transfer& transfer, CURLcode code) {
  if (code != CURLE_SEND_ERROR && code != CURLE_RECV_ERROR && code != CURLE_GOT_NOTHING) {
    return false;
  }
  long fresh_connections = 0;
  long header_bytes = 0;
  curl_easy_getinfo(transfer.easy.get(), CURLINFO_NUM_CONNECTS, &fresh_connections);
  curl_easy_getinfo(transfer.easy.get(), CURLINFO_HEADER_SIZE, &header_bytes);
  return fresh_connections == 0 && header_bytes == 0 && transfer.body.empty();
}

struct FreeText {
  void operator()(char* text) const { curl_free(text); }
};

std::string key_parameter(const std::string& key) {
  if (key.empty()) return "";
  const std::unique_ptr<char, FreeText> encoded(
      curl_easy_escape(nullptr, key.data(), static_cast<int>(key.size())));
  if (!encoded) throw std::bad_alloc();
  return fmt::format("&key={}", encoded.get());
}

// The parts of a base URL that matter here.
struct BaseUrl {
  std::string prefix;  // what the query string is appended to
  std::string origin;  // scheme://host:port, for messages
  std::string host;    // IPv6 in brackets
  std::string port;
  bool is_plain = false;  // http
};

struct UrlDeleter {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

// A part of a URL; nullopt where it has none.
std::optional<std::string> url_part(CURLU* url, CURLUPart part, unsigned int flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return std::nullopt;
  std::string out(text);
  curl_free(text);
  return out;
}

// `address` may be in brackets.
bool is_own_address(const std::string& address) {
  return address.starts_with('[') ? is_loopback(address.substr(1, address.size() - 2))
                                  : is_loopback(address);
}

// nullopt where it is not such a URL as PlacesAskerConfig describes.
std::optional<BaseUrl> read_base_url(std::string text) {
  const auto printable = [](char c) { return c > ' ' && c < 0x7f; };
  if (!std::all_of(text.begin(), text.end(), printable)) return std::nullopt;
  const std::unique_ptr<CURLU, UrlDeleter> url(curl_url());
  if (curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) return std::nullopt;
  for (const CURLUPart part :
       {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_QUERY, CURLUPART_FRAGMENT}) {
    if (url_part(url.get(), part)) return std::nullopt;
  }
  const auto scheme = url_part(url.get(), CURLUPART_SCHEME);
  const auto host = url_part(url.get(), CURLUPART_HOST);
  const auto port = url_part(url.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
  if (!scheme || !host || !port || (*scheme != "http" && *scheme != "https")) return std::nullopt;
  while (text.back() == '/') text.pop_back();
  return BaseUrl{.prefix = fmt::format("{}{}?", text, kNearbySearchPath),
                 .origin = fmt::format("{}://{}:{}", *scheme, *host, *port),
                 .host = *host,
                 .port = *port,
                 .is_plain = *scheme == "http"};
}

}  // namespace

// Lives until both the asker and the last handle are gone.
class PlacesAsker::Engine : public std::enable_shared_from_this<Engine> {
 public:
  Engine(uv_loop_t* loop, PlacesAskerConfig config, BaseUrl base, OnAnswer on_answer);

  void open();
  void ask(std::uint64_t query_id, std::string_view location, double radius_km, int bound);
  void close(std::function<void()> closed);

 private:
  void pump();
  void resolve_host();
  void use_addresses(const HostResolver::Addresses& addresses);
  void start(const QuestionPtr& question);
  [[nodiscard]] bool send(Transfer& transfer);
  Transfer* take_transfer();
  void finish(CURL* easy, CURLcode code);
  PlacesReply reply_of(const Transfer& transfer, CURLcode code) const;
  std::string failure_text(const Transfer& transfer, CURLcode code) const;
  void settle(const Question& question, PlacesReply reply);
  void fail_queue(std::string_view error);
  void schedule();
  void wake();
  void part_closed();

  uv_loop_t* loop_;
  PlacesAskerConfig config_;
  BaseUrl base_;
  std::string key_parameter_;  // "&key=…", encoded; empty without a key
  OnAnswer on_answer_;

  CurlLoop curl_;
  HostResolver resolver_;
  uv_timer_t wake_{};

  // By query: queued or on a transfer. Clients choose the queries, so no hash is needed.
  std::map<std::string, QuestionPtr> in_flight_;
  std::deque<QuestionPtr> queue_;  // by deadline, the first one first
  std::vector<std::unique_ptr<Transfer>> transfers_;
  std::vector<Transfer*> idle_;
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

PlacesAsker::Engine::Engine(uv_loop_t* loop, PlacesAskerConfig config, BaseUrl base,
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
  question =
      std::make_shared<Question>(Question{.query = *query,
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

Transfer* PlacesAsker::Engine::take_transfer() {
  if (!idle_.empty()) {
    Transfer* const transfer = idle_.back();
    idle_.pop_back();
    return transfer;
  }
  EasyPtr easy(curl_easy_init());
  if (!easy) return nullptr;
  CURL* const handle = easy.get();
  Transfer* const transfer =
      transfers_
          .emplace_back(std::make_unique<Transfer>(Transfer{.easy = std::move(easy),
                                                            .question = nullptr,
                                                            .body = {},
                                                            .max_body = config_.max_body,
                                                            .too_large = false,
                                                            .is_retry = false,
                                                            .resolve = nullptr}))
          .get();
  curl_easy_setopt(handle, CURLOPT_PRIVATE, transfer);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &on_body);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, transfer);
  curl_easy_setopt(handle, CURLOPT_SOCKOPTFUNCTION, &on_socket_made);
  curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle, CURLOPT_PROXY, "");  // none, whatever the environment says
  curl_easy_setopt(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(handle, CURLOPT_USERAGENT, "herdsim");
  curl_easy_setopt(handle, CURLOPT_ACCEPT_ENCODING, "");  // all that libcurl can decode
  if (!config_.ca_file.empty()) {
    curl_easy_setopt(handle, CURLOPT_CAINFO, config_.ca_file.c_str());
  }
  return transfer;
}

void PlacesAsker::Engine::start(const QuestionPtr& question) {
  Transfer* const transfer = take_transfer();
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
bool PlacesAsker::Engine::send(Transfer& transfer) {
  const Question& question = *transfer.question;
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
  Transfer& transfer = *reinterpret_cast<Transfer*>(self);
  const QuestionPtr question = transfer.question;
  if (!transfer.is_retry && was_closed_before(transfer, code)) {
    transfer.is_retry = true;
    if (send(transfer)) return;
  }
  settle(*question, reply_of(transfer, code));
  if (code == CURLE_COULDNT_CONNECT) addresses_until_ns_ = 0;  // it may have moved
  transfer.question.reset();
  transfer.body = std::string();  // gives back what a large one took
  idle_.push_back(&transfer);
  pump();
}

PlacesReply PlacesAsker::Engine::reply_of(const Transfer& transfer, CURLcode code) const {
  if (code != CURLE_OK) return PlacesReply::failure(failure_text(transfer, code));
  long status = 0;
  curl_easy_getinfo(transfer.easy.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status >= 300 && status < 400) {
    return PlacesReply::failure(
        fmt::format("Places answered HTTP {}, and redirects are not followed", status));
  }
  if (status != 200) return PlacesReply::from_http_error(status, transfer.body, config_.key);
  return PlacesReply::from_body(transfer.body, config_.key);
}

// Never libcurl's own detailed text, which may hold the URL and the key in it.
std::string PlacesAsker::Engine::failure_text(const Transfer& transfer, CURLcode code) const {
  if (transfer.too_large) {
    return fmt::format("Places answered with more than {} bytes", config_.max_body);
  }
  switch (code) {
    case CURLE_COULDNT_CONNECT: {
      long os_error = 0;
      curl_easy_getinfo(transfer.easy.get(), CURLINFO_OS_ERRNO, &os_error);
      return fmt::format(
          "could not connect to Places at {}: {}", base_.origin,
          os_error == 0 ? curl_easy_strerror(code) : std::strerror(static_cast<int>(os_error)));
    }
    case CURLE_OPERATION_TIMEDOUT: {
      curl_off_t ready = 0;
      curl_easy_getinfo(transfer.easy.get(), CURLINFO_PRETRANSFER_TIME_T, &ready);
      const bool connecting = ready == 0 && uv_hrtime() < transfer.question->deadline_ns;
      return connecting
                 ? fmt::format("no connection to Places at {} within {} ms", base_.origin,
                               to_ms(to_ns(config_.connect_timeout)))
                 : fmt::format("no answer from Places within {} ms", to_ms(to_ns(config_.timeout)));
    }
    case CURLE_PARTIAL_FILE:
      return fmt::format("Places' answer was cut off after {} bytes", transfer.body.size());
    case CURLE_GOT_NOTHING:
      return "Places closed the connection without an answer";
    case CURLE_BAD_CONTENT_ENCODING:
      return "Places' answer is compressed, and cannot be decompressed";
    case CURLE_PEER_FAILED_VERIFICATION:
      return fmt::format("the TLS certificate of {} is not to be trusted", base_.origin);
    default:
      return fmt::format("Places could not be asked: {}", curl_easy_strerror(code));
  }
}

// Makes a question's answers ready. They are given from wake(), so that no callback finds the
// engine in the midst of something.
void PlacesAsker::Engine::settle(const Question& question, PlacesReply reply) {
  for (const Question::Ask& each : question.asks) {
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
  auto base = read_base_url(config.base_url);
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
