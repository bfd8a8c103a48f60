#include "sim/worlds/places/places_asker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/worlds/places/places_server.h"
#include "tests/sim/worlds/places_test_support.h"

namespace sim {
namespace {

using namespace std::chrono_literals;
using std::string_view_literals::operator""sv;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kUclaText = "+34.068930-118.445127";

// A location that no other number has.
std::string location(int number) {
  const int row = number / 100;
  return herd::format_location({34 + number % 100 * 0.001, -118 - row * 0.001});
}

// A loop, an asker on it, and the answers it gave.
class Asking {
 public:
  Asking(TestLoop& loop, const PlacesAskerConfig& config) : loop_(loop) {
    auto created =
        PlacesAsker::create(loop.get(), config, [this](std::uint64_t id, PlacesAnswer answer) {
          EXPECT_FALSE(asking_) << "answered from within ask()";
          EXPECT_TRUE(answers.emplace(id, std::move(answer)).second) << "answered twice";
          if (on_answer) on_answer(id);
        });
    EXPECT_TRUE(created.ok()) << (created ? "" : created.error());
    if (created) asker = std::move(created).value();
  }
  ~Asking() {
    if (asker) loop_.close(*asker);
  }
  Asking(const Asking&) = delete;
  Asking& operator=(const Asking&) = delete;

  void ask(std::uint64_t id, std::string_view where = kUclaText, double radius_km = 10,
           int bound = 20) {
    asking_ = true;
    asker->ask(id, where, radius_km, bound);
    asking_ = false;
  }
  void await(std::size_t count) {
    loop_.run_until([&] { return answers.size() >= count; });
  }
  // Asks one question and waits for it.
  PlacesAnswer one(std::string_view where = kUclaText, double radius_km = 10, int bound = 20) {
    const std::uint64_t id = 1'000'000 + answers.size();
    ask(id, where, radius_km, bound);
    loop_.run_until([&] { return answers.contains(id); });
    return answers[id];
  }

  std::unique_ptr<PlacesAsker> asker;
  std::map<std::uint64_t, PlacesAnswer> answers;
  std::function<void(std::uint64_t)> on_answer;

 private:
  TestLoop& loop_;
  bool asking_ = false;
};

std::unique_ptr<PlacesServer> serve(TestLoop& loop, const PlacesServerConfig& config = {}) {
  auto server = PlacesServer::start(loop.get(), cities(), config);
  EXPECT_TRUE(server.ok()) << (server ? "" : server.error());
  return server ? std::move(server).value() : nullptr;
}

// Returns the outcome of a question to a raw server.
PlacesAnswer answer_to(std::string bytes, bool hang_up = false, PlacesAskerConfig config = {}) {
  TestLoop loop;
  const RawServer server(loop, std::move(bytes), hang_up);
  config.base_url = server.url();
  Asking asking(loop, config);
  return asking.one();
}

void expect_failure(const PlacesAnswer& answer, const std::string& error) {
  EXPECT_EQ(answer.status, "UNKNOWN_ERROR");
  EXPECT_EQ(answer.places, 0);
  EXPECT_THAT(answer.error, HasSubstr(error));
  EXPECT_THAT(answer.body.str(), HasSubstr("\"error_message\""));
}

TEST(PlacesAsker, UclaAndItsNeighbours) {
  TestLoop loop;
  const auto server = serve(loop);
  {
    Asking asking(loop, {.base_url = server->url()});
    const PlacesAnswer all = asking.one();
    EXPECT_EQ(all.status, "OK");
    EXPECT_EQ(all.error, "");
    EXPECT_GE(all.places, 10);
    EXPECT_LE(all.places, 12);
    EXPECT_THAT(all.body.str(), HasSubstr("Westwood"));
    const PlacesAnswer five = asking.one(kUclaText, 10, 5);
    EXPECT_EQ(five.places, 5);
    EXPECT_EQ(count_of(five.body.str(), "\"place_id\""), 5U);
    EXPECT_EQ(asking.one("+00.0-140.0").status, "ZERO_RESULTS");
  }
  loop.close(*server);
}

TEST(PlacesAsker, OneConnectionServesManyQuestions) {
  TestLoop loop;
  const auto server = serve(loop);
  {
    Asking asking(loop, {.base_url = server->url()});
    for (int i = 0; i < 50; ++i) asking.one(location(i));
  }
  EXPECT_EQ(server->counts().connections, 1U);
  EXPECT_EQ(server->counts().requests, 50U);
  loop.close(*server);
}

TEST(PlacesAsker, AtMost32AtOnce) {
  TestLoop loop;
  const auto server = serve(loop, {.faults = {.latency = 20ms}});
  {
    Asking asking(loop, {.base_url = server->url()});
    for (int i = 0; i < 200; ++i) asking.ask(static_cast<std::uint64_t>(i), location(i));
    loop.run_until([&] { return server->counts().requests > 0; });
    EXPECT_LE(server->counts().requests, 32U);
    asking.await(200);
    for (const auto& [id, answer] : asking.answers) EXPECT_EQ(answer.error, "");
  }
  EXPECT_EQ(server->counts().connections, 32U);
  EXPECT_EQ(server->counts().requests, 200U);
  loop.close(*server);
}

TEST(PlacesAsker, IdenticalQuestionsAreAskedOnce) {
  TestLoop loop;
  const auto server = serve(loop, {.faults = {.latency = 20ms}});
  {
    Asking asking(loop, {.base_url = server->url()});
    for (int i = 1; i <= 20; ++i) asking.ask(static_cast<std::uint64_t>(i), kUclaText, 10, i);
    asking.ask(100, kUclaText, 9, 20);  // another radius is another question
    asking.await(21);
    for (int i = 1; i <= 20; ++i) {
      const PlacesAnswer& answer = asking.answers[static_cast<std::uint64_t>(i)];
      EXPECT_EQ(answer.status, "OK");
      EXPECT_EQ(answer.places, std::min(i, asking.answers[20].places));
    }
    EXPECT_EQ(server->counts().requests, 2U);
    asking.one();  // asked again once it has been answered
    EXPECT_EQ(server->counts().requests, 3U);
  }
  loop.close(*server);
}

TEST(PlacesAsker, NamesAreResolved) {
  TestLoop loop;
  const auto server = serve(loop);
  {
    Asking asking(loop, {.base_url = "http://localhost:" + std::to_string(server->port()) + "/"});
    for (int i = 0; i < 5; ++i) {
      const PlacesAnswer answer = asking.one(location(i));
      EXPECT_EQ(answer.error, "");
    }
  }
  EXPECT_EQ(server->counts().connections, 1U);
  loop.close(*server);
}

TEST(PlacesAsker, ANameWithoutAnAddressIsAnError) {
  TestLoop loop;
  // Longer than a label may be: the resolver refuses it without asking anyone.
  Asking asking(loop, {.base_url = "http://" + std::string(70, 'a') + ".example"});
  for (int i = 0; i < 3; ++i) asking.ask(static_cast<std::uint64_t>(i), location(i));
  asking.await(3);
  for (const auto& [id, answer] : asking.answers) expect_failure(answer, "has no address");
}

TEST(PlacesAsker, ARefusedConnectionIsAnError) {
  TestLoop loop;
  std::string url;
  {
    const RawServer gone(loop, "");
    url = gone.url();
  }
  Asking asking(loop, {.base_url = url});
  expect_failure(asking.one(), "could not connect to Places at " + url + ": Connection refused");
}

TEST(PlacesAsker, AConnectionThatIsNotTakenTimesOut) {
  // A listener whose queue is full lets further connections wait.
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  uv_ip4_addr("127.0.0.1", 0, &address);
  socklen_t size = sizeof address;
  ASSERT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(listen(listener, 0), 0);
  ASSERT_EQ(getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), 0);
  std::vector<int> fillers;
  for (int i = 0; i < 4; ++i) {
    fillers.push_back(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    static_cast<void>(connect(fillers.back(), reinterpret_cast<sockaddr*>(&address), size));
  }
  {
    TestLoop loop;
    Asking asking(loop, {.base_url = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)),
                         .connect_timeout = 50ms});
    expect_failure(asking.one(), "no connection to Places");
  }
  for (const int filler : fillers) ::close(filler);
  ::close(listener);
}

TEST(PlacesAsker, ASlowAnswerTimesOut) {
  TestLoop loop;
  const auto server = serve(loop, {.faults = {.latency = 1h}});
  {
    Asking asking(loop, {.base_url = server->url(), .timeout = 50ms, .max_transfers = 1});
    asking.ask(1, location(1));
    asking.ask(2, location(2));
    asking.await(2);
    expect_failure(asking.answers[1], "no answer from Places within 50 ms");
    expect_failure(asking.answers[2], "within 50 ms");  // it waited for its turn
    // A provider that is well again is asked again: within 50 ms, if not the first time.
    server->set_faults({});
    int n = 3;
    while (asking.one(location(n)).status != "OK" && n < 200) ++n;
    EXPECT_LT(n, 200);
  }
  loop.close(*server);
}

TEST(PlacesAsker, HttpErrorsAreErrors) {
  expect_failure(answer_to(RawServer::response("500 Oops", "{}")), "HTTP 500");
  expect_failure(answer_to(RawServer::response("403 No", "{\"status\": \"OK\"}")), "HTTP 403");
  expect_failure(answer_to(RawServer::response("204 Nothing", "")), "HTTP 204");
}

// Google says why in the body, whatever the HTTP status.
TEST(PlacesAsker, TheReasonBehindAnHttpErrorPasses) {
  struct Row {
    const char* http;
    const char* body;
    const char* status;
    const char* message;
  };
  const Row rows[] = {
      {"400 Bad Request",
       R"({"error_message": "Missing the location.", "results": [], "status": "INVALID_REQUEST"})",
       "INVALID_REQUEST", "Missing the location."},
      {"403 Forbidden", R"({"error_message": "No.", "results": [], "status": "REQUEST_DENIED"})",
       "REQUEST_DENIED", "No."},
      {"429 Too Many", R"({"results": [], "status": "OVER_QUERY_LIMIT"})", "OVER_QUERY_LIMIT",
       "Places answered OVER_QUERY_LIMIT"},
      {"500 Oops", R"({"results": [], "status": "UNKNOWN_ERROR", "error_message": "later"})",
       "UNKNOWN_ERROR", "later"},
      {"403 Forbidden",
       R"({"error": {"code": 403, "message": "API not enabled", "status": "PERMISSION_DENIED"}})",
       "PERMISSION_DENIED", "API not enabled"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.body);
    const PlacesAnswer answer = answer_to(RawServer::response(row.http, row.body));
    EXPECT_EQ(answer.status, row.status);
    EXPECT_THAT(answer.body.str(), HasSubstr(row.message));
    EXPECT_THAT(answer.body.str(), HasSubstr(row.status));
    EXPECT_THAT(answer.error, HasSubstr("HTTP " + std::string(row.http).substr(0, 3)));
    EXPECT_EQ(answer.places, 0);
  }
  const PlacesAnswer secret = answer_to(
      RawServer::response("403 Forbidden",
                          R"({"error": {"message": "key s3cret", "status": "PERMISSION_DENIED"}})"),
      false, {.key = "s3cret"});
  EXPECT_EQ(secret.status, "PERMISSION_DENIED");
  EXPECT_THAT(secret.body.str() + secret.error, Not(HasSubstr("s3cret")));
}

// A provider may compress what nobody asked it to compress.
TEST(PlacesAsker, CompressedAnswersAreRead) {
  constexpr std::string_view kGzip =
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\x56\x2a\x4a\x2d\x2e\xcd\x29\x29\x56"
      "\xb2\x8a\xae\x56\xca\x4b\xcc\x4d\x55\xb2\x52\xca\xcf\x4b\x55\xaa\xd5\x81\x73\x4b"
      "\xca\xf3\x95\x6a\x63\x75\x94\x8a\x4b\x12\x4b\x4a\x81\x0a\x95\xfc\xbd\x95\x6a\x01"
      "\xfe\xea\xcd\x95\x39\x00\x00\x00"sv;
  constexpr std::string_view kZlib =
      "\x78\x9c\xab\x56\x2a\x4a\x2d\x2e\xcd\x29\x29\x56\xb2\x8a\xae\x56\xca\x4b\xcc\x4d"
      "\x55\xb2\x52\xca\xcf\x4b\x55\xaa\xd5\x81\x73\x4b\xca\xf3\x95\x6a\x63\x75\x94\x8a"
      "\x4b\x12\x4b\x4a\x81\x0a\x95\xfc\xbd\x95\x6a\x01\x35\x91\x12\xeb"sv;
  constexpr std::string_view kDeflate =
      "\xab\x56\x2a\x4a\x2d\x2e\xcd\x29\x29\x56\xb2\x8a\xae\x56\xca\x4b\xcc\x4d\x55\xb2"
      "\x52\xca\xcf\x4b\x55\xaa\xd5\x81\x73\x4b\xca\xf3\x95\x6a\x63\x75\x94\x8a\x4b\x12"
      "\x4b\x4a\x81\x0a\x95\xfc\xbd\x95\x6a\x01"sv;
  const auto compressed = [](std::string_view coding, std::string_view bytes) {
    return "HTTP/1.1 200 OK\r\nContent-Encoding: " + std::string(coding) +
           "\r\nContent-Length: " + std::to_string(bytes.size()) + "\r\n\r\n" + std::string(bytes);
  };
  for (const std::string& bytes : {compressed("gzip", kGzip), compressed("x-gzip", kGzip),
                                   compressed("deflate", kZlib), compressed("deflate", kDeflate)}) {
    const PlacesAnswer answer = answer_to(bytes);
    EXPECT_EQ(answer.body.str(), R"({"results":[{"name":"one"},{"name":"two"}],"status":"OK"})");
    EXPECT_EQ(answer.error, "");
  }
  expect_failure(answer_to(compressed("rot13", kGzip)), "cannot be decompressed");
  expect_failure(answer_to(compressed("gzip", "{}")), "cannot be decompressed");
}

// Every connection that the asker keeps is dead. libcurl finds no more than five of them.
TEST(PlacesAsker, AQuestionLostOnAKeptConnectionIsAskedAgain) {
  constexpr std::size_t kAtOnce = 32;
  TestLoop loop;
  const RawServer server(
      loop, RawServer::response("200 OK", R"({"results": [], "status": "ZERO_RESULTS"})"), false,
      1);
  Asking asking(loop, {.base_url = server.url()});
  for (std::size_t round = 1; round <= 10; ++round) {
    for (std::size_t n = 0; n < kAtOnce; ++n) {
      asking.ask(round * kAtOnce + n, location(static_cast<int>(round * kAtOnce + n)));
    }
    asking.await(round * kAtOnce);
  }
  for (const auto& [id, answer] : asking.answers) EXPECT_EQ(answer.error, "") << id;
}

TEST(PlacesAsker, AQuestionIsAskedAgainOnlyOnce) {
  TestLoop loop;
  const RawServer server(loop, "", false, 0);  // closes at the first request
  Asking asking(loop, {.base_url = server.url()});
  expect_failure(asking.one(), "closed the connection without an answer");
  EXPECT_EQ(server.connections(), 1);
}

TEST(PlacesAsker, BrokenAnswersAreErrors) {
  const std::string whole = RawServer::response("200 OK", "{\"results\": [], \"status\": \"OK\"}");
  expect_failure(answer_to(whole.substr(0, whole.size() - 10), true), "cut off after 21 bytes");
  expect_failure(answer_to("", true), "closed the connection without an answer");
  expect_failure(answer_to("SSH-2.0-x\r\n\r\n", true), "could not be asked");
  expect_failure(answer_to(RawServer::response("200 OK", "<html>")), "not JSON");
  expect_failure(answer_to(RawServer::response("200 OK", "[]")), "no status");
  expect_failure(answer_to(RawServer::response("200 OK", "{\"status\": \"OK\"}")), "no results");
}

TEST(PlacesAsker, ATooLargeBodyIsAnError) {
  const std::string large =
      "{\"status\": \"OK\", \"results\": [" + std::string(100'000, ' ') + "]}";
  EXPECT_EQ(answer_to(RawServer::response("200 OK", large)).status, "OK");
  expect_failure(answer_to(RawServer::response("200 OK", large), false, {.max_body = 100'000}),
                 "more than 100000 bytes");
  const std::string huge = "{\"status\": \"OK\", \"results\": [" + std::string(4 << 20, ' ') + "]}";
  expect_failure(answer_to(RawServer::response("200 OK", huge)), "more than 524288 bytes");
  expect_failure(answer_to("HTTP/1.1 200 OK\r\n\r\n" + huge, true), "more than 524288 bytes");
}

TEST(PlacesAsker, TheProvidersRefusalsPass) {
  TestLoop loop;
  const auto server = serve(loop, {.key = "right", .faults = {.quota = 1}});
  {
    Asking asking(loop, {.base_url = server->url(), .key = "wrong"});
    const PlacesAnswer denied = asking.one();
    EXPECT_EQ(denied.status, "REQUEST_DENIED");
    EXPECT_THAT(denied.error, HasSubstr("REQUEST_DENIED"));
    const PlacesAnswer over = asking.one();
    EXPECT_EQ(over.status, "OVER_QUERY_LIMIT");
    EXPECT_EQ(over.places, 0);
    EXPECT_THAT(over.body.str(), HasSubstr("error_message"));
  }
  loop.close(*server);
}

TEST(PlacesAsker, TheKeyIsSentEncodedAndNeverTold) {
  TestLoop loop;
  const auto server = serve(loop, {.key = "a&b=c d"});
  {
    Asking asking(loop, {.base_url = server->url(), .key = "a&b=c d"});
    EXPECT_EQ(asking.one().status, "OK");
  }
  loop.close(*server);
  for (const auto& answer :
       {answer_to("", true, {.key = "s3cret"}),
        answer_to(RawServer::response("200 OK", "s3cret"), false, {.key = "s3cret"}),
        answer_to(RawServer::response(
                      "200 OK",
                      R"({"status": "REQUEST_DENIED", "error_message": "s3cret?", "results": []})"),
                  false, {.key = "s3cret"})}) {
    EXPECT_THAT(answer.body.str(), Not(HasSubstr("s3cret")));
    EXPECT_THAT(answer.error, Not(HasSubstr("s3cret")));
    EXPECT_NE(answer.error, "");
  }
}

TEST(PlacesAsker, RedirectsAreNotFollowed) {
  TestLoop loop;
  const RawServer other(loop, RawServer::response("200 OK", "{}"));
  const RawServer server(
      loop, "HTTP/1.1 302 Found\r\nLocation: " + other.url() + "/\r\nContent-Length: 0\r\n\r\n");
  Asking asking(loop, {.base_url = server.url()});
  expect_failure(asking.one(), "redirects are not followed");
  EXPECT_EQ(other.connections(), 0);
}

TEST(PlacesAsker, TheEnvironmentsProxiesAreNotUsed) {
  TestLoop loop;
  const auto server = serve(loop);
  const RawServer proxy(loop, RawServer::response("200 OK", "{}"));
  for (const char* name : {"http_proxy", "all_proxy", "ALL_PROXY"}) {
    setenv(name, proxy.url().c_str(), 1);
  }
  {
    Asking asking(loop, {.base_url = server->url()});
    EXPECT_EQ(asking.one().status, "OK");
  }
  for (const char* name : {"http_proxy", "all_proxy", "ALL_PROXY"}) unsetenv(name);
  EXPECT_EQ(proxy.connections(), 0);
  loop.close(*server);
}

TEST(PlacesAsker, AsksWhatNearbySearchWants) {
  TestLoop loop;
  const RawServer server(loop, RawServer::response("200 OK", "{}"));
  Asking asking(loop, {.base_url = server.url() + "/proxy/", .key = "k"});
  asking.one(kUclaText, 0.5, 3);
  EXPECT_THAT(server.received(),
              testing::StartsWith("GET /proxy/maps/api/place/nearbysearch/json?location=34.068930,"
                                  "-118.445127&radius=500&key=k HTTP/1.1\r\n"));
  EXPECT_THAT(server.received(),
              HasSubstr("Host: 127.0.0.1:" + std::to_string(server.port()) + "\r\n"));
}

TEST(PlacesAsker, TheQueueIsBounded) {
  TestLoop loop;
  const auto server = serve(loop, {.faults = {.latency = 20ms}});
  {
    Asking asking(loop, {.base_url = server->url(), .max_transfers = 2, .max_queue = 3});
    for (int i = 0; i < 8; ++i) asking.ask(static_cast<std::uint64_t>(i), location(i));
    asking.await(3);  // those beyond the queue, before any other
    for (const auto& [id, answer] : asking.answers) {
      EXPECT_GE(id, 5U);
      expect_failure(answer, "5 questions are waiting");
    }
    asking.await(8);
    for (std::uint64_t id = 0; id < 5; ++id) EXPECT_EQ(asking.answers[id].error, "");
  }
  loop.close(*server);
}

TEST(PlacesAsker, AWrongLocationOrRadiusIsAnError) {
  TestLoop loop;
  Asking asking(loop, {.base_url = "http://127.0.0.1:1"});
  expect_failure(asking.one("34.0-118.0"), "the location or the radius is wrong");
  expect_failure(asking.one(kUclaText, 51), "the location or the radius is wrong");
}

TEST(PlacesAsker, BadBaseUrlsAreErrors) {
  TestLoop loop;
  for (const char* url :
       {"", "maps.googleapis.com", "ftp://maps.example", "http://", "file:///etc/passwd",
        "http://user:word@maps.example", "http://maps.example/?key=x", "http://maps.example/#x",
        "http://m\xC3\xA4ps.example", "http://maps.example:99999", "http://maps .example",
        "http://maps.example\r\nX: y"}) {
    EXPECT_FALSE(PlacesAsker::create(loop.get(), {.base_url = url}, {}).ok()) << url;
  }
}

TEST(PlacesAsker, AKeyDoesNotGoOverPlainHttpToAnotherMachine) {
  TestLoop loop;
  const std::string key = "k3y-of-n0body";
  for (const char* url : {"http://maps.example", "http://192.0.2.1", "http://[2001:db8::1]",
                          "http://127.0.0.1.example", "http://localhost.example"}) {
    EXPECT_FALSE(PlacesAsker::create(loop.get(), {.base_url = url, .key = key}, {}).ok()) << url;
  }
}

TEST(PlacesAsker, AskingAgainFromWithinAnAnswer) {
  TestLoop loop;
  const auto server = serve(loop);
  {
    Asking asking(loop, {.base_url = server->url()});
    asking.on_answer = [&](std::uint64_t id) {
      if (id < 20) asking.ask(id + 1);
    };
    asking.ask(1);
    asking.await(20);
    EXPECT_EQ(server->counts().requests, 20U);
  }
  loop.close(*server);
}

TEST(PlacesAsker, ARefusedAskRepeatedForEverLeavesTheLoopAlive) {
  TestLoop loop;
  const auto server = serve(loop, {.faults = {.latency = 5ms}});
  {
    Asking asking(loop, {.base_url = server->url(), .max_transfers = 1, .max_queue = 0});
    asking.on_answer = [&](std::uint64_t id) {
      if (id != 1 && !asking.answers.contains(1)) asking.ask(id + 1);
    };
    asking.ask(1, location(1));
    asking.ask(2, location(2));
    loop.run_until([&] { return asking.answers.contains(1); });
    EXPECT_EQ(asking.answers[1].status, "OK");
    loop.run_until([&] { return asking.answers.rbegin()->first > 2; });
  }
  loop.close(*server);
}

TEST(PlacesAsker, ClosesWithQuestionsUnderWay) {
  const std::size_t before = count_descriptors();
  {
    TestLoop loop;
    const auto server = serve(loop, {.faults = {.latency = 1h}});
    {
      Asking asking(loop, {.base_url = server->url()});
      const std::size_t inheritable = count_inheritable();
      for (int i = 0; i < 100; ++i) asking.ask(static_cast<std::uint64_t>(i), location(i));
      loop.run_until([&] { return server->counts().requests == 32; });
      EXPECT_GE(count_descriptors(), before + 64);
      EXPECT_EQ(count_inheritable(), inheritable);
      loop.close(*asking.asker);
      asking.ask(1000);  // too late, and no harm
      EXPECT_TRUE(asking.answers.empty());
      asking.asker.reset();
    }
    loop.close(*server);
  }
  EXPECT_EQ(count_descriptors(), before);
}

TEST(PlacesAsker, ClosesFromWithinAnAnswer) {
  TestLoop loop;
  const auto server = serve(loop);
  {
    Asking asking(loop, {.base_url = server->url()});
    bool closed = false;
    asking.on_answer = [&](std::uint64_t) {
      asking.asker->close([&] { closed = true; });
      asking.asker.reset();
    };
    for (int i = 0; i < 10; ++i) asking.ask(static_cast<std::uint64_t>(i));
    loop.run_until([&] { return closed; });
    EXPECT_EQ(asking.answers.size(), 1U);
  }
  loop.close(*server);
}

TEST(PlacesAsker, MayBeDestroyedAtAnyMoment) {
  const std::size_t before = count_descriptors();
  {
    TestLoop loop;
    const auto server = serve(loop);
    for (const std::string host : {"127.0.0.1", "localhost"}) {
      for (int turns = 0; turns < 8; ++turns) {
        Asking asking(loop, {.base_url = "http://" + host + ":" + std::to_string(server->port())});
        for (int i = 0; i < 3; ++i) asking.ask(static_cast<std::uint64_t>(i), location(i));
        for (int i = 0; i < turns; ++i) uv_run(loop.get(), UV_RUN_NOWAIT);
        asking.asker.reset();
        for (int i = 0; i < 50; ++i) uv_run(loop.get(), UV_RUN_NOWAIT);
      }
    }
    loop.close(*server);
  }
  EXPECT_EQ(count_descriptors(), before);
}

// The whole way under fire: every ask is answered, with just the failures that the seed has drawn.
TEST(PlacesAsker, TenThousandAsksWithFailuresAndCutBodies) {
  constexpr std::uint64_t kAsks = 10'000;
  constexpr std::uint64_t kInFlight = 500;
  const PlacesFaults faults{.fail = 0.1, .cut = 0.01};
  std::map<PlacesFault, int> drawn;
  PlacesFaultSource source(faults, 42);
  for (std::uint64_t i = 0; i < kAsks; ++i) ++drawn[source.next().fault];

  cities();
  const std::size_t before = count_descriptors();
  {
    TestLoop loop;
    const auto server = serve(loop, {.faults = faults, .seed = 42});
    {
      Asking asking(loop, {.base_url = server->url(), .connect_timeout = 60s, .timeout = 60s});
      std::uint64_t next = 0;
      const auto ask_next = [&] {
        asking.ask(next, location(static_cast<int>(next)), 10, 1 + static_cast<int>(next % 20));
        ++next;
      };
      asking.on_answer = [&](std::uint64_t) {
        if (next < kAsks) ask_next();
      };
      while (next < kInFlight) ask_next();
      asking.await(kAsks);
      int failed = 0;
      int cut = 0;
      for (const auto& [id, answer] : asking.answers) {
        EXPECT_EQ(answer.body.str().find("\n\n"), std::string::npos);
        EXPECT_LE(answer.places, static_cast<int>(1 + id % 20));
        failed += answer.error == "Places answered HTTP 500" ? 1 : 0;
        cut += answer.error.find("cut off after") != std::string::npos ? 1 : 0;
        if (answer.error.empty()) continue;
        EXPECT_EQ(answer.status, "UNKNOWN_ERROR");
      }
      EXPECT_EQ(asking.answers.size(), kAsks);
      EXPECT_EQ(failed, drawn[PlacesFault::kFail]);
      EXPECT_EQ(cut, drawn[PlacesFault::kCut]);
    }
    EXPECT_EQ(server->counts().requests, kAsks);
    loop.close(*server);
  }
  EXPECT_EQ(count_descriptors(), before);
}

// HTTPS, with a certificate made on the spot.
class PlacesTls : public testing::Test {
 protected:
  // Starts the provider with a self-signed certificate for these names.
  void start(const std::string& names) {
    cert_ = folder_.file("cert.pem");
    const std::string key = folder_.file("key.pem");
    const std::string command =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
        "-subj /CN=places -addext subjectAltName=" +
        names + " -keyout '" + key + "' -out '" + cert_ + "' 2>/dev/null";
    ASSERT_EQ(std::system(command.c_str()), 0);
    server_ = serve(loop_, {.tls_cert_file = cert_, .tls_key_file = key});
    ASSERT_NE(server_, nullptr);
  }
  void TearDown() override {
    if (server_) loop_.close(*server_);
  }

  TestFolder folder_;
  std::string cert_;
  TestLoop loop_;
  std::unique_ptr<PlacesServer> server_;
};

TEST_F(PlacesTls, ATrustedCertificateIsTaken) {
  start("DNS:localhost,IP:127.0.0.1");
  EXPECT_THAT(server_->url(), testing::StartsWith("https://127.0.0.1:"));
  for (const std::string& url :
       {server_->url(), "https://localhost:" + std::to_string(server_->port())}) {
    Asking asking(loop_, {.base_url = url, .ca_file = cert_});
    for (int i = 0; i < 5; ++i) EXPECT_EQ(asking.one(location(i)).error, "");
  }
  EXPECT_EQ(server_->counts().connections, 2U);
}

TEST_F(PlacesTls, ManyQuestionsAtOnceOverTls) {
  start("DNS:localhost,IP:127.0.0.1");
  Asking asking(
      loop_,
      {.base_url = server_->url(), .ca_file = cert_, .connect_timeout = 60s, .timeout = 60s});
  for (int i = 0; i < 300; ++i) asking.ask(static_cast<std::uint64_t>(i), location(i));
  asking.await(300);
  for (const auto& [id, answer] : asking.answers) EXPECT_EQ(answer.error, "");
  EXPECT_EQ(server_->counts().connections, 32U);
}

TEST_F(PlacesTls, AnUntrustedCertificateIsRefused) {
  start("DNS:localhost,IP:127.0.0.1");
  Asking asking(loop_, {.base_url = server_->url()});
  expect_failure(asking.one(),
                 "the TLS certificate of " + server_->url() + " is not to be trusted");
  EXPECT_EQ(server_->counts().requests, 0U);
}

TEST_F(PlacesTls, ACertificateForAnotherNameIsRefused) {
  start("DNS:other.example");
  Asking asking(loop_, {.base_url = server_->url(), .ca_file = cert_});
  expect_failure(asking.one(), "is not to be trusted");
  EXPECT_EQ(server_->counts().requests, 0U);
}

TEST_F(PlacesTls, CutBodiesAndPlainHttpAreErrors) {
  start("DNS:localhost,IP:127.0.0.1");
  server_->set_faults({.cut = 1});
  Asking asking(loop_, {.base_url = server_->url(), .ca_file = cert_});
  EXPECT_EQ(asking.one().status, "UNKNOWN_ERROR");
  Asking plain(loop_, {.base_url = "http://127.0.0.1:" + std::to_string(server_->port())});
  EXPECT_EQ(plain.one().status, "UNKNOWN_ERROR");
}

}  // namespace
}  // namespace sim
