// The manual page and the completions, for a command line made up for the test.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "sim/app/manual/completions.h"
#include "sim/app/manual/man_page.h"

namespace sim {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Manual : public testing::Test {
 protected:
  Manual() {
    program_.name("herdsim");
    program_.set_version_flag("-V,--version", "1.2.3", "Print the version");
    CLI::App& play = *program_.add_subcommand("play", "Play what's there: all [of] it");
    play.add_option("FILE", files_, "Files")->required();
    play.add_option("--out", out_, "Write to DIR")->type_name("DIR");
    play.add_option("--how", how_, "How")->type_name("fast|slow");
    play.add_option("--set", sets_, "Set a key")->type_name("KEY=VALUE")->expected(1)->take_all();
    play.add_flag("--quiet", quiet_, "Say nothing");
    play.footer("Plays them one\nafter the other.\n\nExample: herdsim play a\\b.json");
    CLI::App& hold = *program_.add_subcommand("hold", "Hold another program to it");
    hold.add_option("--cwd", out_, "Folder")->type_name("DIR");
    hold.prefix_command();
    words_ = words_of_program(program_);
  }

  const ArgumentWords& option(const std::string& name) const {
    for (const ArgumentWords& each : words_.commands.front().options) {
      if (each.names.back() == name) return each;
    }
    ADD_FAILURE() << "no option " << name;
    return words_.commands.front().options.front();
  }

  CLI::App program_;
  std::vector<std::string> files_, sets_;
  std::string out_, how_;
  bool quiet_ = false;
  ProgramWords words_;
};

TEST_F(Manual, WordsSayWhatAnArgumentTakes) {
  ASSERT_EQ(words_.commands.size(), 2U);
  const CommandWords& play = words_.commands.front();
  EXPECT_EQ(play.name, "play");
  EXPECT_EQ(play.example, "herdsim play a\\b.json");
  ASSERT_EQ(play.arguments.size(), 1U);
  EXPECT_THAT(play.arguments.front().names, ElementsAre("FILE"));
  EXPECT_EQ(play.arguments.front().completes, Completes::kFiles);
  EXPECT_TRUE(play.arguments.front().repeats);
  EXPECT_TRUE(play.arguments.front().required);

  EXPECT_EQ(option("--out").completes, Completes::kFolders);
  EXPECT_FALSE(option("--out").repeats);
  EXPECT_EQ(option("--how").completes, Completes::kChoices);
  EXPECT_THAT(option("--how").choices, ElementsAre("fast", "slow"));
  EXPECT_EQ(option("--set").completes, Completes::kNothing);
  EXPECT_TRUE(option("--set").repeats);
  EXPECT_EQ(option("--quiet").value, "");
  EXPECT_THAT(option("--help").names, ElementsAre("-h", "--help"));
}

TEST_F(Manual, AFooterIsNotesAndAnExample) {
  const CommandWords& play = words_.commands.front();
  EXPECT_THAT(play.notes, ElementsAre("Plays them one\nafter the other."));
  EXPECT_EQ(play.example, "herdsim play a\\b.json");
  EXPECT_THAT(words_.commands.back().notes, IsEmpty());
  EXPECT_THAT(man_page(words_, "1.2.3"), HasSubstr("\n.PP\nPlays them one\nafter the other.\n"));
}

TEST_F(Manual, ACommandThatTakesAnotherProgramSaysSo) {
  const CommandWords& hold = words_.commands.back();
  ASSERT_EQ(hold.arguments.size(), 1U);
  EXPECT_EQ(hold.arguments.front().completes, Completes::kFiles);
  EXPECT_THAT(man_page(words_, "1.2.3"),
              HasSubstr("\\fBherdsim hold\\fR [\\fIOPTIONS\\fR] \\fICOMMAND\\fR...\n"));
  EXPECT_THAT(bash_completion(words_), HasSubstr("'hold '*) offer='files' ;;"));
}

TEST_F(Manual, ThePageEscapesWhatRoffWouldTakeForItsOwn) {
  const std::string page = man_page(words_, "1.2.3");
  EXPECT_THAT(page, HasSubstr("\\fBherdsim play\\fR [\\fIOPTIONS\\fR] \\fIFILE\\fR...\n"));
  EXPECT_THAT(page, HasSubstr(".TP\n\\fB\\-\\-out\\fR \\fIDIR\\fR\nWrite to DIR.\n"));
  EXPECT_THAT(page, HasSubstr("\\fB\\-V\\fR, \\fB\\-\\-version\\fR"));
  EXPECT_THAT(page, HasSubstr("herdsim play a\\eb.json\n"));
  EXPECT_EQ(roff_text(".a\n'b\n-\\"), "\\&.a\n\\&'b\n\\-\\e");
}

TEST_F(Manual, BashOffersByWhatStandsBefore) {
  const std::string script = bash_completion(words_);
  EXPECT_THAT(script, HasSubstr("'play --out') offer='folders' ;;"));
  EXPECT_THAT(script, HasSubstr("'play --how') offer='fast slow' ;;"));
  EXPECT_THAT(script, HasSubstr("'play '*) offer='files' ;;"));
}

TEST_F(Manual, ZshGetsItsSpecificationsEscaped) {
  const std::string script = zsh_completion(words_);
  EXPECT_THAT(script, HasSubstr(R"('play:Play what'\''s there\: all [of] it')"));
  EXPECT_THAT(script, HasSubstr("'(--out)--out=[Write to DIR]:DIR:_files -/'"));
  EXPECT_THAT(script, HasSubstr("'(--how)--how=[How]:value:(fast slow)'"));
  EXPECT_THAT(script, HasSubstr("'*--set=[Set a key]:KEY=VALUE: '"));
  EXPECT_THAT(script, HasSubstr("'*:FILE:_files'"));
}

TEST_F(Manual, FishGetsItsWordsQuoted) {
  const std::string script = fish_completion(words_);
  EXPECT_THAT(script, HasSubstr("-a play -d 'Play what\\'s there: all [of] it'\n"));
  EXPECT_THAT(script, HasSubstr("complete -c herdsim -n '__herdsim_is play' -l how -x -a "
                                "'fast slow' -d 'How'\n"));
  EXPECT_THAT(script, HasSubstr("-n '__herdsim_is play' -l quiet -d 'Say nothing'\n"));
  EXPECT_THAT(script, HasSubstr("complete -c herdsim -n '__herdsim_is play' -F\n"));
}

}  // namespace
}  // namespace sim
