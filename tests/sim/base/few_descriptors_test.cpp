// Loops and what lives on them, in a process that can open no more descriptors.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <uv.h>

#include <optional>
#include <string>

#include "sim/base/io/address.h"
#include "sim/base/io/io_loop.h"
#include "sim/base/io/listening_port.h"
#include "sim/base/io/owned_fd.h"
#include "sim/base/io/precise_timer.h"
#include "sim/base/io/set_up_error.h"
#include "sim/base/io/uv_handle.h"
#include "tests/sim/base/child_process.h"
#include "tests/sim/base/open_descriptors.h"

namespace sim {
namespace {

// Returns the error that a constructor throws; empty if it throws none. Sanitizers look at the
// error through a pipe, so the descriptors are there again before it is read.
template <class Make>
std::string refusal(Make make) {
  try {
    make();
    return "";
  } catch (const SetUpError& error) {
    leave_all_descriptors();
    return error.what();
  }
}

TEST(FewDescriptors, ATimerSaysWhatItCouldNotHave) {
  EXPECT_EQ(in_child([] {
              IoLoop loop;
              const auto before = count_open_descriptors();
              leave_descriptors(0);
              const std::string said = refusal([&] { PreciseTimer timer(loop, [] {}); });
              if (said != "cannot make a timer: too many open files; raise the limit (ulimit -n)") {
                return 1;
              }
              if (count_open_descriptors() != before) return 2;
              // The loop is as good as before.
              bool rang = false;
              PreciseTimer timer(loop, [&] {
                rang = true;
                loop.stop();
              });
              timer.arm(1);
              loop.run();
              return rang ? 0 : 3;
            }),
            0);
}

TEST(FewDescriptors, ALoopIsMadeWholeOrNotAtAll) {
  EXPECT_EQ(in_child([] {
              const auto before = count_open_descriptors();
              for (unsigned left = 0;; ++left) {
                leave_descriptors(left);
                const std::string said = refusal([] { IoLoop loop; });
                if (count_open_descriptors() > before + 2) return 1;  // all loops share a pipe
                if (said.empty()) return left > 0 ? 0 : 2;
                if (said.find("cannot make an event loop: too many open files") != 0) return 3;
              }
            }),
            0);
}

TEST(FewDescriptors, AHandleThatWasNeverInitializedIsFreed) {
  const UvHandle<uv_poll_t> handle(nullptr);
  EXPECT_NE(handle.get(), nullptr);
}

TEST(FewDescriptors, APortThatCannotBeHadBackIsAnErrorAndNoOtherPort) {
  EXPECT_EQ(in_child([] {
              IoLoop loop;
              ListeningPort port(loop, [](uv_stream_t*) {});
              leave_descriptors(2);  // libuv's reserve, and the port, which gets the last number
              if (port.open("127.0.0.1", 0)) return 1;
              const std::uint16_t number = port.port();
              lower_descriptor_limit();
              port.close();
              const auto error = port.reopen();
              leave_all_descriptors();
              if (!error || error->message.find("too many open files") == std::string::npos) {
                return 2;
              }
              if (port.port() != number) return 3;
              if (port.reopen()) return 4;
              return port.port() == number ? 0 : 5;
            }),
            0);
}

// If libuv has no descriptor in reserve either, it would try to accept for ever.
TEST(FewDescriptors, APortWaitsUntilThereIsADescriptorForAConnection) {
  EXPECT_EQ(in_child([] {
              IoLoop loop;
              int accepted = 0;
              ListeningPort port(loop, [&](uv_stream_t*) {
                ++accepted;
                loop.stop();
              });
              if (port.open("127.0.0.1", 0)) return 1;
              const auto address = *numeric_address("127.0.0.1", port.port());
              const auto dial = [&](const OwnedFd& from) {
                return ::connect(from.get(), reinterpret_cast<const sockaddr*>(&address),
                                 sizeof(sockaddr_in)) == 0;
              };
              const OwnedFd first(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
              const OwnedFd second(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
              OwnedFd(loop.uv()->emfile_fd).reset();
              loop.uv()->emfile_fd = -1;
              leave_descriptors(0);
              if (!dial(first)) return 2;
              for (int i = 0; i < 3; ++i) uv_run(loop.uv(), UV_RUN_NOWAIT);
              if (accepted != 0) return 3;
              leave_all_descriptors();
              // It listens again by itself.
              while (!dial(second)) uv_run(loop.uv(), UV_RUN_ONCE);
              loop.run();
              return accepted == 1 ? 0 : 4;
            }),
            0);
}

}  // namespace
}  // namespace sim
