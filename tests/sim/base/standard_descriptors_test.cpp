#include "sim/base/process/standard_descriptors.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>

#include "tests/sim/base/child_process.h"
#include "tests/sim/base/open_descriptors.h"

namespace sim {
namespace {

TEST(StandardDescriptors, ThoseThatAreMissingAreTakenAndStayUseless) {
  EXPECT_EQ(in_child([] {
              for (const int fd : {0, 1, 2}) ::close(fd);
              if (!open_standard_descriptors()) return 1;
              for (const int fd : {0, 1, 2}) {
                if (::fcntl(fd, F_GETFD) != 0) return 2;
              }
              char byte = 'a';
              if (::read(0, &byte, 1) >= 0 || errno != EBADF) return 3;
              if (::write(1, &byte, 1) >= 0 || errno != EBADF) return 4;
              return ::dup(0) == 3 || count_open_descriptors() > 3 ? 0 : 5;
            }),
            0);
}

TEST(StandardDescriptors, OthersAreLeftAlone) {
  const auto before = count_open_descriptors();
  EXPECT_TRUE(open_standard_descriptors());
  EXPECT_EQ(count_open_descriptors(), before);
}

}  // namespace
}  // namespace sim
