#include "sim/paper/load/options.h"

#include <cstdio>
#include <cstdlib>
#include <sstream>

namespace load {
namespace {

constexpr const char* kUsage =
    "usage: load [--connections N] [--in-flight N] [--window S] [--most S] [--pids PID,...] "
    "PORT...\n"
    "Keeps lines in flight to servers on 127.0.0.1 and writes a line of figures for each window.\n"
    "Ends when standard input ends.\n";

[[noreturn]] void refuse(const std::string& why) {
  std::fprintf(stderr, "load: %s\n%s", why.c_str(), kUsage);
  std::exit(2);
}

double number(const std::string& name, const std::string& text, double least, double most) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !(value >= least && value <= most)) {
    refuse(name + ": '" + text + "' is not a number from " + std::to_string(least) + " to " +
           std::to_string(most));
  }
  return value;
}

std::vector<int> pids(const std::string& text) {
  std::vector<int> found;
  std::istringstream in(text);
  for (std::string each; std::getline(in, each, ',');) {
    found.push_back(static_cast<int>(number("--pids", each, 1, 1 << 30)));
  }
  return found;
}

}  // namespace

Options read_options(int count, char** arguments) {
  Options options;
  for (int i = 1; i < count; ++i) {
    const std::string name = arguments[i];
    if (name.rfind("--", 0) != 0) {
      options.ports.push_back(static_cast<std::uint16_t>(number("PORT", name, 1, 65535)));
      continue;
    }
    if (i + 1 == count) refuse(name + " needs a value");
    const std::string value = arguments[++i];
    if (name == "--connections") {
      options.connections = static_cast<std::size_t>(number(name, value, 1, 10000));
    } else if (name == "--in-flight") {
      // More would not fit into the buffer of a socket at once.
      options.in_flight = static_cast<std::size_t>(number(name, value, 1, 256));
    } else if (name == "--window") {
      options.window_s = number(name, value, 0.01, 10);
    } else if (name == "--most") {
      options.most_s = number(name, value, 0.01, 3600);
    } else if (name == "--pids") {
      options.pids = pids(value);
    } else {
      refuse(name + " is not an option");
    }
  }
  if (options.ports.empty()) refuse("no PORT");
  return options;
}

void abandon(const std::string& why) {
  std::fprintf(stderr, "load: %s\n", why.c_str());
  std::exit(1);
}

}  // namespace load
