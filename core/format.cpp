#include "core/format.h"

#include <charconv>

namespace herd {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;

void append_seconds(std::string& out, std::uint64_t ns) {
  char buffer[32];
  const auto whole = std::to_chars(buffer, buffer + sizeof buffer, ns / kSecond);
  char* end = whole.ptr;
  *end++ = '.';
  std::uint64_t fraction = ns % kSecond;
  for (int i = 8; i >= 0; --i) {
    end[i] = static_cast<char>('0' + fraction % 10);
    fraction /= 10;
  }
  out.append(buffer, end + 9);
}

}  // namespace

RecordView format_report(std::string& out, std::string_view server, PosixNs clock_ns,
                         const Iamat& report) {
  out.assign("AT ");
  out.append(server);
  out += ' ';
  const std::size_t skew = out.size();
  append_skew(out, clock_ns, report.time_ns);
  out += ' ';
  const std::size_t client = out.size();
  out.append(report.client);
  out += ' ';
  const std::size_t location = out.size();
  out.append(report.location);
  out += ' ';
  const std::size_t time = out.size();
  out.append(report.time);
  const std::string_view line = out;
  return {line,
          line.substr(3, server.size()),
          line.substr(skew, client - 1 - skew),
          line.substr(client, report.client.size()),
          line.substr(location, report.location.size()),
          line.substr(time),
          report.time_ns};
}

void append_skew(std::string& out, PosixNs clock_ns, PosixNs time_ns) {
  const bool behind = clock_ns < time_ns;
  const auto clock = static_cast<std::uint64_t>(clock_ns);
  const auto time = static_cast<std::uint64_t>(time_ns);
  out += behind ? '-' : '+';
  append_seconds(out, behind ? time - clock : clock - time);
}

void append_time(std::string& out, PosixNs time_ns) {
  append_seconds(out, static_cast<std::uint64_t>(time_ns));
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
