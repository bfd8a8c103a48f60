// `herdsim client`: sends lines to a server and prints its answers.
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "sim/app/cli/commands.h"
#include "sim/app/cli/conversation.h"
#include "sim/app/cli/exit_status.h"
#include "sim/app/cli/option_checks.h"
#include "sim/app/cli/standard_output.h"
#include "sim/base/text/numbers.h"
#include "sim/script/spec/limits.h"

namespace sim {
namespace {

struct ClientOptions {
  std::string address;  // HOST:PORT, or [HOST]:PORT for an IPv6 address
  std::vector<std::string> lines;
  double timeout_s = 10;  // for each answer
};

std::string check_address(const std::string& value) {
  const std::size_t colon = value.rfind(':');
  if (colon == std::string::npos || colon == 0) {
    return "'" + value + "' is not an address (for example 127.0.0.1:12000)";
  }
  const std::string port = value.substr(colon + 1);
  if (whole_number(1, static_cast<std::uint64_t>(kMaxPort))(port).empty()) return "";
  return "'" + value + "' is not an address: its port is '" + port +
         "' (a number from 1 to 65535, as in 127.0.0.1:12000)";
}

std::string check_timeout(const std::string& value) {
  const auto seconds = read_real(value);
  if (seconds && *seconds > 0 && *seconds <= Conversation::kMaxTimeout) return "";
  return "'" + value + "' is not a number of seconds above 0 and at most 1000000";
}

bool asks_places(const std::string& line) {
  const std::size_t begin = line.find_first_not_of(" \t\r\f\v");
  if (begin == std::string::npos || line.compare(begin, 7, "WHATSAT") != 0) return false;
  return begin + 7 == line.size() || std::strchr(" \t\r\f\v", line[begin + 7]) != nullptr;
}

// Prints one line or, if the server answers a WHATSAT with places, all lines up to the empty one.
// Returns what went wrong, or an empty string.
std::string print_answer(Conversation& server, const std::string& asked) {
  std::string line;
  if (auto error = server.read_line(line); !error.empty()) return error;
  std::printf("%s\n", line.c_str());
  if (!asks_places(asked) || line.starts_with("?")) return "";
  do {
    if (auto error = server.read_line(line); !error.empty()) return error;
    std::printf("%s\n", line.c_str());
  } while (!line.empty() && line != "\r");
  return "";
}

std::string connect(Conversation& server, const std::string& address) {
  const std::size_t colon = address.rfind(':');
  std::string host = address.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  return server.connect(host, address.substr(colon + 1));
}

int talk(const ClientOptions& options) {
  Conversation server(options.timeout_s);
  if (const std::string why = connect(server, options.address); !why.empty()) {
    std::fprintf(stderr, "%s: cannot connect: %s\n", options.address.c_str(), why.c_str());
    return kNotCarriedOut;
  }
  for (const std::string& line : options.lines) {
    std::string why = server.send_line(line);
    if (why.empty()) why = print_answer(server, line);
    if (!flush_standard_output()) return kNotCarriedOut;
    if (why.empty()) continue;
    std::fprintf(stderr, "%s: '%s': %s\n", options.address.c_str(), line.c_str(), why.c_str());
    return kNotCarriedOut;
  }
  return kDone;
}

}  // namespace

Command add_client_command(CLI::App& program) {
  const auto options = std::make_shared<ClientOptions>();
  CLI::App& parser = *program.add_subcommand(
      "client", "Send lines to a server, one at a time, and print its answers");
  parser.add_option("HOST:PORT", options->address, "Address of the server")
      ->required()
      ->check(check_address);
  parser.add_option("LINE", options->lines, "Lines to send; quote each one")->required();
  parser
      .add_option("--timeout", options->timeout_s,
                  "Longest time to wait for each answer, in seconds (default: 10)")
      ->type_name("SECONDS")
      ->check(check_timeout);
  parser.footer("Example: herdsim client 127.0.0.1:12000 'WHATSAT kiwi.cs.ucla.edu 10 5'");
  return {&parser, [options] { return talk(*options); }};
}

}  // namespace sim
