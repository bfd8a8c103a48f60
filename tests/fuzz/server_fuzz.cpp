// One server against a model: every effect of every input, in order. What a scheme that is no
// flood, or an outbox, sends to neighbours is not in the model, but it is held to what must be true
// of it (link_watch.h).
//
// The input is a script. Its first line is the scheme, after which come the lines of
// scheme_script.h. Each other line is an input:
//   c N TEXT    client N (0 to 3) sends TEXT; if there is no client N, it connects first
//   r N TEXT    the same, with CR LF at its end
//   o N TEXT    client N sends an overlong line that begins with TEXT
//   e N, x N    client N sends no more; client N is gone
//   n N TEXT    the neighbour N (0, 1) sends TEXT
//   p N         Places answers the Nth question that waits
//   t N         N milliseconds pass
#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "core/limits.h"
#include "tests/core/fake_world.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/link_watch.h"
#include "tests/fuzz/naive.h"
#include "tests/fuzz/scheme_script.h"

namespace herd::fuzz {
namespace {

constexpr std::string_view kPlaces = "{\"status\": \"ZERO_RESULTS\", \"results\": []}";
constexpr std::uint32_t kClients = 4;

// The server's name, and its neighbours in the order of their links.
constexpr std::string_view kName = "Alford";
constexpr std::string_view kHerd[] = {"Alford", "Ball", "Hamilton", "Holiday", "Welsh"};

// What the server should hold and do, kept in the plainest way.
class Model {
 public:
  // `watch` is told which records the server accepts. Null: it is one of the floods, without an
  // outbox, and the model knows what it sends to its neighbours.
  Model(bool echoes, LinkWatch* watch) : echoes_(echoes), watch_(watch) {}

  // The effects that the last input should have, one line each.
  std::string expected;

  void client_says(std::uint32_t client, std::string_view line, std::string_view ending,
                   PosixNs wall) {
    Client& who = clients_[client];
    if (who.ending) return;
    const bool is_first = !std::exchange(who.spoken, true);
    const std::vector<naive::Field> fields = naive::fields_of(line);
    const std::string_view command = fields.empty() ? "" : fields[0].text;
    if (command == "IAMAT" && fields.size() == 4 && naive::is_location(fields[2].text) &&
        naive::time(fields[3].text)) {
      return iamat(client, fields, ending, wall);
    }
    if (command == "WHATSAT" && fields.size() == 4 && naive::is_radius(fields[2].text) &&
        naive::is_bound(fields[3].text) && records_.contains(std::string(fields[1].text))) {
      return whatsat(client, fields, ending);
    }
    answer(client, "? " + std::string(line), ending);
    // No line here has the MAC of a neighbour.
    if (is_first && is_link(fields)) end(client);
  }
  void overlong(std::uint32_t client, std::string_view first_bytes) {
    if (clients_[client].ending) return;
    answer(client, "? " + std::string(first_bytes), "\n");
    end(client);
  }
  void input_ended(std::uint32_t client) { end(client); }
  void gone(std::uint32_t client) {
    for (const Waiting& each : clients_[client].waiting) std::erase(questions_, each.question);
    clients_.erase(client);
  }
  void places(std::uint32_t which) {
    if (questions_.empty()) return;
    const std::uint32_t question = questions_[which % questions_.size()];
    std::erase(questions_, question);
    for (auto& [client, who] : clients_) {
      for (Waiting& each : who.waiting) {
        if (each.question != question) continue;
        each.answered = true;
        each.text += std::string(kPlaces) + each.ending + each.ending;
      }
      flush(client);
    }
  }
  // Returns the question that `places` would answer.
  std::uint32_t question(std::uint32_t which) const {
    return questions_.empty() ? 0xffff'ffff : questions_[which % questions_.size()];
  }
  void neighbor_says(std::uint32_t neighbor, std::string_view line, bool batches) {
    const std::vector<naive::Field> fields = naive::fields_of(line);
    if (fields.empty()) return;
    const bool is_batch = batches && fields[0].text == "ATS";
    if (!is_batch && (fields[0].text != "AT" || fields.size() != 1 + kReportFields)) return;
    std::vector<Report> reports;
    for (std::size_t at = 1; at < fields.size(); at += kReportFields) {
      if (at + kReportFields > fields.size() || !is_report(fields, at)) return;
      reports.push_back(make(fields[at].text, fields[at + 1].text, fields[at + 2].text,
                             fields[at + 3].text, fields[at + 4].text,
                             is_batch ? "" : std::string(line)));
    }
    for (const Report& report : reports) {
      if (std::ranges::find(kHerd, report.server) == std::end(kHerd)) continue;
      if (watch_ != nullptr) watch_->held_by(neighbor, report.client, report.line);
      if (take(report)) relay(report, static_cast<int>(neighbor));
    }
  }

  bool is_connected(std::uint32_t client) const { return clients_.contains(client); }
  void connect(std::uint32_t client) { clients_[client] = {}; }
  // Returns the line of a client's record; empty if there is none.
  std::string record_of(std::string_view client) const {
    const auto held = records_.find(std::string(client));
    return held == records_.end() ? "" : held->second.line;
  }
  // Returns all records, one line for each client, in the order of their ids.
  std::string records() const {
    std::string out;
    for (const auto& [client, report] : records_) out += report.line + "\n";
    return out;
  }

 private:
  struct Report {
    std::string server, skew, client, location, time, line;
    PosixNs time_ns = 0;
    auto key() const { return std::tie(time_ns, location, server, time, skew); }
  };
  struct Waiting {
    std::uint32_t question = 0;
    std::string text, ending, behind;
    bool answered = false;
  };
  struct Client {
    bool spoken = false, ending = false, closed = false;
    std::deque<Waiting> waiting;
  };

  static constexpr std::size_t kReportFields = 5;

  static bool is_report(const std::vector<naive::Field>& fields, std::size_t at) {
    return naive::is_name(fields[at].text) && naive::is_skew(fields[at + 1].text) &&
           naive::is_location(fields[at + 3].text) && naive::time(fields[at + 4].text);
  }
  static bool is_link(const std::vector<naive::Field>& fields) {
    return fields.size() == 5 && fields[0].text == "LINK" && naive::is_name(fields[1].text) &&
           naive::is_name(fields[2].text) && naive::is_name(fields[3].text);
  }
  Report make(std::string_view server, std::string_view skew, std::string_view client,
              std::string_view location, std::string_view time, std::string line) const {
    Report report{std::string(server),   std::string(skew), std::string(client),
                  std::string(location), std::string(time), std::move(line)};
    report.time_ns = *naive::time(time);
    if (report.line.empty()) {
      report.line = "AT " + report.server + " " + report.skew + " " + report.client + " " +
                    report.location + " " + report.time;
    }
    return report;
  }

  bool take(const Report& report) {
    const auto [held, is_new] = records_.emplace(report.client, report);
    if (!is_new) {
      if (report.key() <= held->second.key()) return false;
      held->second = report;
    }
    if (watch_ != nullptr) watch_->accepted(report.client, report.line);
    return true;
  }
  void relay(const Report& report, int from) {
    if (watch_ != nullptr) return;
    for (int neighbor : {0, 1}) {
      if (neighbor == from && !echoes_) continue;
      expected +=
          "update " + std::to_string(LinkWatch::kLinks[neighbor]) + " [" + report.line + "]\n";
    }
  }

  void iamat(std::uint32_t client, const std::vector<naive::Field>& fields, std::string_view ending,
             PosixNs wall) {
    const std::string skew = naive::skew(wall, *naive::time(fields[3].text));
    const std::string line = "AT " + std::string(kName) + " " + skew + " " +
                             std::string(fields[1].text) + " " + std::string(fields[2].text) + " " +
                             std::string(fields[3].text);
    const Report report = make(kName, skew, fields[1].text, fields[2].text, fields[3].text, line);
    answer(client, line, ending);
    const auto held = records_.find(report.client);
    const bool repeats = held != records_.end() && held->second.time_ns == report.time_ns &&
                         held->second.location == report.location &&
                         held->second.server == report.server;
    if (!repeats && take(report)) relay(report, -1);
  }
  void whatsat(std::uint32_t client, const std::vector<naive::Field>& fields,
               std::string_view ending) {
    const Report& about = records_.at(std::string(fields[1].text));
    const std::uint32_t question = next_question_++;
    questions_.push_back(question);
    Waiting waiting;
    waiting.question = question;
    waiting.text = about.line + std::string(ending);
    waiting.ending = ending;
    clients_[client].waiting.push_back(std::move(waiting));
    expected += "ask " + std::to_string(question) + " " + about.location + " " +
                std::string(fields[2].text) + " bound " +
                std::to_string(std::stoi(std::string(fields[3].text))) + "\n";
  }

  void answer(std::uint32_t client, const std::string& text, std::string_view ending) {
    auto& waiting = clients_[client].waiting;
    if (waiting.empty()) return send(client, text + std::string(ending));
    waiting.back().behind += text + std::string(ending);
  }
  void send(std::uint32_t client, const std::string& text) {
    expected += "send " + std::to_string(client) + " [" + visible(text) + "]\n";
  }
  void end(std::uint32_t client) {
    Client& who = clients_[client];
    if (who.ending) return;
    who.ending = true;
    flush(client);
  }
  void flush(std::uint32_t client) {
    Client& who = clients_[client];
    while (!who.waiting.empty() && who.waiting.front().answered) {
      send(client, who.waiting.front().text + who.waiting.front().behind);
      who.waiting.pop_front();
    }
    if (!who.ending || !who.waiting.empty() || std::exchange(who.closed, true)) return;
    expected += "close " + std::to_string(client) + "\n";
  }

  bool echoes_;
  LinkWatch* watch_;
  std::map<std::string, Report> records_;
  std::map<std::uint32_t, Client> clients_;
  std::vector<std::uint32_t> questions_;  // that wait for Places
  std::uint32_t next_question_ = 0;
};

// Returns the effects in a trace, in the words of the model. What goes out on links goes to
// `watch`, if there is one.
std::string effects_in(std::string_view trace, LinkWatch* watch) {
  std::string out;
  while (!trace.empty()) {
    const std::string_view line = take_line_of(trace);
    if (watch != nullptr && watch->saw(line)) continue;
    if (line.starts_with("ask ")) {
      // "ask QUESTION LOCATION RADIUS RADIUS_KM BOUND"
      const std::vector<naive::Field> fields = naive::fields_of(line);
      for (const std::size_t at : {0U, 1U, 2U, 3U}) out.append(fields[at].text).append(" ");
      out.append("bound ").append(fields.back().text).append("\n");
    } else if (line.starts_with("close ")) {  // "close CONNECTION REASON"
      out.append(line.substr(0, line.rfind(' '))).append("\n");
    } else if (line.starts_with("send ") || line.starts_with("update ") ||
               line.starts_with("dial ")) {
      out.append(line).append("\n");
    }
  }
  return out;
}

struct Setup {
  Scheme scheme = Scheme::kFloodEcho;
  std::optional<OutboxSpec> outbox;

  bool is_flood() const { return scheme.info().relay != SchemeInfo::Relay::kOwn; }
};

// Removes what it reads from the script.
Setup read_setup(std::string_view& script) {
  Words words(take_line_of(script));
  Setup out{scheme_of(words.next(), Scheme::kFloodEcho), std::nullopt};
  read_scheme(script, out.scheme, out.outbox, Recovery::kNone);
  return out;
}

class Play {
 public:
  explicit Play(const Setup& setup)
      : setup_(setup),
        watch_(setup.scheme.info().words),
        model_(setup.scheme == Scheme::kFloodEcho, watched()),
        world_(setup.scheme, Recovery::kNone, std::nullopt, RecordOrder::kClientTime, std::nullopt,
               {}, setup.outbox) {
    world_.link_up();
    world_.trace.take();
  }

  void step(std::string_view line) {
    Words words(line);
    const std::string_view what = words.next();
    model_.expected.clear();
    std::string trace;
    if (what == "c" || what == "r") {
      const std::uint32_t client = connected(words.below(kClients));
      const std::string text = line_of(words.rest());
      if (begins_handshake(text)) return;
      const std::string_view ending = what == "c" ? "\n" : "\r\n";
      model_.client_says(client, text, ending, world_.moment().wall_ns);
      trace = world_.say(client, text, ending);
    } else if (what == "o") {
      const std::uint32_t client = connected(words.below(kClients));
      const std::string text(words.rest().substr(0, kOverlongEcho));
      model_.overlong(client, text);
      trace = world_.say_overlong(client, text);
    } else if (what == "e") {
      const std::uint32_t client = words.below(kClients);
      if (!model_.is_connected(client)) return;
      model_.input_ended(client);
      trace = world_.end_input(client);
    } else if (what == "x") {
      const std::uint32_t client = words.below(kClients);
      if (!model_.is_connected(client)) return;
      model_.gone(client);
      trace = world_.gone(client);
    } else if (what == "n") {
      const std::uint32_t neighbor = words.below(2);
      const std::string text = line_of(words.rest());
      model_.neighbor_says(neighbor, text, setup_.outbox.has_value());
      trace = world_.say(LinkWatch::kLinks[neighbor], text);
    } else if (what == "p") {
      const std::uint32_t which = words.below(1'000);
      const std::uint32_t question = model_.question(which);
      model_.places(which);
      trace = world_.places(question, kPlaces);
    } else if (what == "t") {
      trace = world_.pass(std::chrono::milliseconds(words.below(5'000)));
    }
    require_equal(effects_in(trace, watched()), model_.expected,
                  "the effects of: " + std::string(line));
  }

  void end() {
    std::string records;
    for (const RecordView& each : world_.server.records().sorted()) {
      records.append(each.line).append("\n");
    }
    require_equal(records, model_.records(), "the records");
    if (!setup_.outbox || !setup_.is_flood()) return;
    effects_in(world_.pass(std::chrono::seconds(10)), watched());
    for (const RecordView& each : world_.server.records().sorted()) {
      watch_.require_told(each.client, model_.record_of(each.client));
    }
  }

 private:
  // A stream hands on no CR at the end of a line.
  static std::string line_of(std::string_view text) {
    while (text.ends_with('\r')) text.remove_suffix(1);
    return std::string(text.substr(0, kMaxClientLine));
  }
  // Handshakes are not modelled: returns whether a line may begin one.
  static bool begins_handshake(std::string_view line) {
    const std::vector<naive::Field> fields = naive::fields_of(line);
    return fields.size() > 1 && fields[0].text == "LINK" && fields[1].text == "paper";
  }
  LinkWatch* watched() { return setup_.outbox || !setup_.is_flood() ? &watch_ : nullptr; }
  std::uint32_t connected(std::uint32_t client) {
    if (model_.is_connected(client)) return client;
    model_.connect(client);
    world_.trace.forget(ConnectionId{client});
    world_.open(client);
    return client;
  }

  Setup setup_;
  LinkWatch watch_;
  Model model_;
  FakeServer world_;
};

}  // namespace

void one_input(std::string_view input) {
  Play play(read_setup(input));
  while (!input.empty()) play.step(take_line_of(input));
  play.end();
}

}  // namespace herd::fuzz
