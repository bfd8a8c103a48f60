// What a PlacesAsker makes of replies that are no plain answer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "tests/sim/worlds/places_asker_test_support.h"

namespace sim {
namespace {

using std::string_view_literals::operator""sv;
using testing::HasSubstr;
using testing::Not;

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

TEST(PlacesAsker, RedirectsAreNotFollowed) {
  TestLoop loop;
  const RawServer other(loop, RawServer::response("200 OK", "{}"));
  const RawServer server(
      loop, "HTTP/1.1 302 Found\r\nLocation: " + other.url() + "/\r\nContent-Length: 0\r\n\r\n");
  Asking asking(loop, {.base_url = server.url()});
  expect_failure(asking.one(), "redirects are not followed");
  EXPECT_EQ(other.connections(), 0);
}

}  // namespace
}  // namespace sim
