// Checks that core/ uses only headers of the standard library, and nothing that knows a clock, a
// thread, a file, a socket or randomness.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace herd {
namespace {

// The headers of the standard library that core may include. <chrono> is allowed for its durations;
// the forbidden words below include its clocks.
constexpr auto kHeaders = std::to_array<std::string_view>({
    "algorithm",
    "array",
    "bit",
    "bitset",
    "cassert",
    "charconv",
    "chrono",
    "climits",
    "cmath",
    "compare",
    "concepts",
    "cstddef",
    "cstdint",
    "cstring",
    "deque",
    "functional",
    "initializer_list",
    "iterator",
    "limits",
    "list",
    "map",
    "memory",
    "new",
    "numbers",
    "numeric",
    "optional",
    "queue",
    "ranges",
    "ratio",
    "set",
    "span",
    "stack",
    "string",
    "string_view",
    "tuple",
    "type_traits",
    "unordered_map",
    "unordered_set",
    "utility",
    "variant",
    "vector",
});

constexpr auto kBadWords = std::to_array<std::string_view>({
    "system_clock", "steady_clock",  "high_resolution_clock",
    "utc_clock",    "tai_clock",     "gps_clock",
    "file_clock",   "timespec_get",  "clock_gettime",
    "gettimeofday", "random_device", "thread_local",
    "this_thread",  "sleep_for",     "sleep_until",
    "jthread",      "mutex",         "atomic",
    "async",        "getenv",        "cout",
    "cerr",         "clog",          "cin",
    "printf",       "fprintf",       "puts",
    "fopen",        "ifstream",      "ofstream",
    "fstream",      "stderr",        "stdout",
    "asm",          "extern",
});

// Forbidden only as calls, because many fields are named `time`.
constexpr auto kBadCalls = std::to_array<std::string_view>({
    "time",  "clock",  "rand",  "srand",  "random",  "srandom", "drand48",
    "open",  "read",   "write", "socket", "connect", "listen",  "accept",
    "sleep", "usleep", "fork",  "system", "exit",    "abort",
});

template <class Words>
bool has(const Words& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_word(char c) {
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Replaces comments and quoted text by spaces. The number of lines stays the same.
std::string code_only(std::string_view source) {
  std::string out(source);
  enum { kCode, kLine, kBlock, kString, kCharacter } in = kCode;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const char c = source[i];
    const char next = i + 1 < source.size() ? source[i + 1] : '\0';
    const bool digits = i > 0 && is_word(source[i - 1]);  // 1'000
    if (in == kCode) {
      if (c == '/' && next == '/') in = kLine;
      if (c == '/' && next == '*') in = kBlock;
      if (c == '"') in = kString;
      if (c == '\'' && !digits) in = kCharacter;
      if (in != kCode && c == '/') out[i] = ' ';
      continue;
    }
    if (c != '\n') out[i] = ' ';
    if (in == kLine && c == '\n') in = kCode;
    if (in == kBlock && c == '/' && source[i - 1] == '*') in = kCode;
    if ((in == kString || in == kCharacter) && c == '\\') {
      out[++i] = ' ';
    } else if ((in == kString && c == '"') || (in == kCharacter && c == '\'')) {
      in = kCode;
    }
  }
  return out;
}

// Returns the problem of an #include line; empty for a good one and for any other line.
std::string bad_include(std::string_view line) {
  const auto skip = [&] {
    while (!line.empty() && (line[0] == ' ' || line[0] == '\t')) line.remove_prefix(1);
  };
  skip();
  if (!line.starts_with('#')) return {};
  line.remove_prefix(1);
  skip();
  if (!line.starts_with("include")) return {};
  line.remove_prefix(7);
  skip();
  const std::size_t end = line.empty() ? line.npos : line.find(line[0] == '<' ? '>' : '"', 1);
  const std::string_view name = end == line.npos ? line : line.substr(1, end - 1);
  const bool good = end != line.npos &&
                    (line[0] == '<' ? has(kHeaders, name)
                                    : name.starts_with("core/") && name.find("..") == name.npos);
  return good ? std::string() : "includes " + std::string(line);
}

// Returns all problems of a source, one per line.
std::string impurities(std::string_view source) {
  std::string out;
  for (std::size_t at = 0; at < source.size();) {
    const std::size_t end = std::min(source.find('\n', at), source.size());
    if (const std::string bad = bad_include(source.substr(at, end - at)); !bad.empty()) {
      out += bad + '\n';
    }
    at = end + 1;
  }
  const std::string code = code_only(source);
  for (std::size_t at = 0; at < code.size(); ++at) {
    if (!is_word(code[at])) continue;
    const std::size_t begin = at;
    while (at < code.size() && is_word(code[at])) ++at;
    const std::string word = code.substr(begin, at - begin);
    const std::size_t next = std::min(code.find_first_not_of(" \t\n", at), code.size());
    // An empty assembler statement does nothing; compilers keep what is before it.
    const bool empty = source.substr(begin).starts_with(R"(asm volatile(""))");
    if (has(kBadWords, word) && !empty) out += "uses " + word + '\n';
    // A member of that name belongs to core, such as `world.read(…)`.
    const bool member = begin > 0 && (code[begin - 1] == '.' || code[begin - 1] == '>');
    if (!member && next < code.size() && code[next] == '(' && has(kBadCalls, word)) {
      out += "calls " + word + '\n';
    }
  }
  return out;
}

struct PurityRow {
  std::string_view name, source, want;
};

constexpr PurityRow kSamples[] = {
    {"nothing", "", ""},
    {"its own", "#include \"core/time.h\"\n#include <chrono>\n", ""},
    {"a thread", "#include <thread>\n", "includes <thread>\n"},
    {"a mutex", "#include <mutex>\n", "includes <mutex>\nuses mutex\n"},
    {"a file", "#include <fstream>\n", "includes <fstream>\nuses fstream\n"},
    {"a stream", "#include <iostream>\n", "includes <iostream>\n"},
    {"a file system", "#include <filesystem>\n", "includes <filesystem>\n"},
    {"C's clock", "#include <ctime>\n", "includes <ctime>\n"},
    {"chance", "#include <random>\n", "includes <random>\n"},
    {"a socket", "#include <sys/socket.h>\n", "includes <sys/socket.h>\n"},
    {"a library", "#include <uv.h>\n", "includes <uv.h>\n"},
    {"the world", "#include \"sim/base/io/stream.h\"\n", "includes \"sim/base/io/stream.h\"\n"},
    {"the world by a way round", "#include \"core/../sim/base/io/stream.h\"\n",
     "includes \"core/../sim/base/io/stream.h\"\n"},
    {"a neighbour without its folder", "#include \"time.h\"\n", "includes \"time.h\"\n"},
    {"odd spaces", "  #  include<thread>", "includes <thread>\n"},
    {"a macro for a name", "#include HEADER\n", "includes HEADER\n"},
    {"the wall clock", "auto t = std::chrono::system_clock::now();", "uses system_clock\n"},
    {"the steady clock", "using Clock = std::chrono::steady_clock;", "uses steady_clock\n"},
    {"a duration", "std::chrono::nanoseconds ns(5);", ""},
    {"time called", "auto t = time(nullptr);", "calls time\n"},
    {"time called from std", "auto t = std::time (0);", "calls time\n"},
    {"a field called time", "out.time = fields.time; view.time.size();", ""},
    {"another function with time in it", "scan_time(text); time_reached(now);", ""},
    {"rand called", "int r = rand() % 6;", "calls rand\n"},
    {"a seed", "srand(1);", "calls srand\n"},
    {"a device", "std::random_device device;", "uses random_device\n"},
    {"state of a thread", "thread_local int x;", "uses thread_local\n"},
    {"output", "std::cout << 1;", "uses cout\n"},
    {"an assembler statement", "asm volatile(\"syscall\");", "uses asm\n"},
    {"an empty one", "asm volatile(\"\");", ""},
    {"the environment", "getenv(\"HOME\");", "uses getenv\n"},
    {"only in a comment", "// no steady_clock, no time()\n/* rand() \n cout */", ""},
    {"only in quotes", "log(\"time(0) \\\" cout\"); char c = '\"'; x = 1'000;", ""},
    {"behind a comment", "/* */ rand();", "calls rand\n"},
    {"behind a separated number", "x = 1'000; rand(); y = 1'000;", "calls rand\n"},
    {"behind quotes", "x(\"//\"); rand();", "calls rand\n"},
    {"over two lines", "time\n  (0);", "calls time\n"},
};

TEST(Purity, ScannerCatchesWhatItShould) {
  for (const auto& [name, source, want] : kSamples) {
    SCOPED_TRACE(name);
    EXPECT_EQ(impurities(source), want);
  }
}

std::string read(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  EXPECT_TRUE(in) << file;
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(Purity, OfEveryFileInCore) {
  int sources = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(HERDSIM_SOURCE_DIR "/core")) {
    SCOPED_TRACE(entry.path());
    if (entry.is_directory()) continue;
    const std::string extension = entry.path().extension().string();
    if (extension == ".h" || extension == ".cpp") {
      ++sources;
      EXPECT_EQ(impurities(read(entry.path())), "");
    } else {
      EXPECT_TRUE(extension == ".md" || entry.path().filename() == "CMakeLists.txt")
          << "what is it?";
    }
  }
  EXPECT_GT(sources, 20);
}

}  // namespace
}  // namespace herd
