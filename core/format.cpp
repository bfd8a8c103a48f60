#include "core/format.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>

namespace herd {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;

// Room for a sign, the seconds of 64 bits of nanoseconds, a point and nine decimals.
using SecondsText = std::array<char, 32>;

char* write_seconds(char* out, std::uint64_t ns) {
  char* const point = std::to_chars(out, out + 20, ns / kSecond).ptr;
  *point = '.';
  std::uint64_t fraction = ns % kSecond;
  for (int i = 9; i > 0; --i) {
    point[i] = static_cast<char>('0' + fraction % 10);
    fraction /= 10;
  }
  return point + 10;
}

std::string_view write_skew(SecondsText& out, PosixNs clock_ns, PosixNs time_ns) {
  const bool behind = clock_ns < time_ns;
  const auto clock = static_cast<std::uint64_t>(clock_ns);
  const auto time = static_cast<std::uint64_t>(time_ns);
  out[0] = behind ? '-' : '+';
  const char* const end = write_seconds(out.data() + 1, behind ? time - clock : clock - time);
  return {out.data(), static_cast<std::size_t>(end - out.data())};
}

}  // namespace

// The line is written into memory of its size: to append each field to it would cost twice as much.
RecordView format_report(std::string& out, std::string_view server, PosixNs clock_ns,
                         const Iamat& report) {
  constexpr std::string_view kCommand = "AT";
  constexpr std::size_t kSpaces = 5;
  SecondsText skew_text;
  const std::string_view skew = write_skew(skew_text, clock_ns, report.time_ns);
  out.resize(kCommand.size() + kSpaces + server.size() + skew.size() + report.client.size() +
             report.location.size() + report.time.size());
  char* at = out.data();
  const auto put = [&](std::string_view field) {
    const std::string_view written(at, field.size());
    at = std::copy(field.begin(), field.end(), at);
    return written;
  };
  const auto put_next = [&](std::string_view field) {
    *at++ = ' ';
    return put(field);
  };
  put(kCommand);
  RecordView view;
  view.line = out;
  view.server = put_next(server);
  view.skew = put_next(skew);
  view.client = put_next(report.client);
  view.location = put_next(report.location);
  view.time = put_next(report.time);
  view.time_ns = report.time_ns;
  return view;
}

void append_skew(std::string& out, PosixNs clock_ns, PosixNs time_ns) {
  SecondsText text;
  out += write_skew(text, clock_ns, time_ns);
}

void append_time(std::string& out, PosixNs time_ns) {
  SecondsText text;
  out.append(text.data(), write_seconds(text.data(), static_cast<std::uint64_t>(time_ns)));
}

std::string format_handshake(std::string_view command, const Handshake& handshake) {
  std::string out(command);
  for (const auto field : {handshake.herd, handshake.from, handshake.to, handshake.token}) {
    out += ' ';
    out += field;
  }
  return out;
}

}  // namespace herd
